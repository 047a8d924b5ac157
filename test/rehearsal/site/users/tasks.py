from django.contrib.auth import get_user_model


def delete_account(user_id: int):
    get_user_model().objects.filter(pk=user_id).delete()
