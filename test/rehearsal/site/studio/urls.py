from django.contrib import admin
from django.urls import include, path

from common import views

urlpatterns = [
    path('', views.home, name='home'),
    path('search/', views.search, name='search'),
    path('settings-in-use/', views.settings_in_use, name='settings-in-use'),
    path('oauth/login', views.login, name='login'),
    path('webhooks/user-modified/', views.user_modified, name='webhook-user-modified'),
    path('webhooks/anymail/', include('anymail.urls')),
    path('admin/', admin.site.urls),
]
