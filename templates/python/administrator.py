# values: username, email, password. Makes an administrator, or gives one a new password; answers what it did.
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
User = get_user_model()
user = User.objects.filter(**{User.USERNAME_FIELD: values['username']}).first()
made = user is None
if made:
    user = User(**{User.USERNAME_FIELD: values['username']})
user.email = values['email'] or user.email
user.is_staff = user.is_superuser = user.is_active = True
try:
    validate_password(values['password'], user)
except ValidationError as error:
    sys.exit(' '.join(error.messages))
user.set_password(values['password'])
user.save()
user = User.objects.get(pk=user.pk)
if not (user.is_superuser and user.is_staff and user.is_active and user.check_password(values['password'])):
    sys.exit('The account was saved, and is not as it was saved.')
