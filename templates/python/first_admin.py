# values: username, email, password. Where the site has an administrator, it stays as it is.
from django.contrib.auth import get_user_model
User = get_user_model()
if not User.objects.filter(is_superuser=True, is_active=True).exists():
    user, made = User.objects.get_or_create(**{User.USERNAME_FIELD: values['username']})
    user.email = values['email'] or user.email
    user.is_staff = user.is_superuser = user.is_active = True
    user.set_password(values['password'])
    user.save()
