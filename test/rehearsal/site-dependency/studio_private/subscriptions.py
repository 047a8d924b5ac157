import datetime

from dateutil.relativedelta import relativedelta


def next_payment(last: datetime.datetime, interval_months: int) -> datetime.datetime:
    """The day of a subscription's next payment: the same day of a later month, or that month's last."""
    return last + relativedelta(months=interval_months)
