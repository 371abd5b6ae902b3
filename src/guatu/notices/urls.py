"""Addresses of the notices room."""

from __future__ import annotations

from django.urls import path

from guatu.notices import views

_CHANNEL = "admin/channels/<int:channel_id>/"
_MESSAGE = "admin/messages/<int:message_id>/"

urlpatterns = [
    path("admin/channels/", views.channels, name="admin-channels"),
    path("admin/channels/export/", views.channels_export, name="admin-channels-export"),
    path("admin/channels/new/", views.new_channel, name="admin-channel-new"),
    path(_CHANNEL, views.channel, name="admin-channel"),
    path(f"{_CHANNEL}switch/", views.switch, name="admin-channel-switch"),
    path(f"{_CHANNEL}test/", views.test, name="admin-channel-test"),
    path("admin/messages/", views.message_list, name="admin-messages"),
    path("admin/messages/export/", views.messages_export, name="admin-messages-export"),
    path(_MESSAGE, views.message, name="admin-message"),
    path(f"{_MESSAGE}retry/", views.retry, name="admin-message-retry"),
]
