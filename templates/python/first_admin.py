# values: username, email, password.
from django.contrib.auth import get_user_model
User = get_user_model()
user, made = User.objects.get_or_create(**{User.USERNAME_FIELD: values['username']})
user.email = values['email'] or user.email
user.is_staff = user.is_superuser = user.is_active = True
user.set_password(values['password'])
user.save()
