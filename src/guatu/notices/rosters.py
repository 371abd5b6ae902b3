"""The lists of channels and messages: columns, filters and words."""

from __future__ import annotations

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.core import clock
from guatu.notices import queries
from guatu.notices.queries import ChannelRow, MessageRow
from guatu.notices.types import ChannelKind, MessageState
from guatu.ui.rosters import Choice, Roster
from guatu.ui.tables import Column


def channels(query: QueryDict) -> Roster[ChannelRow]:
    """Channels by unit. The export holds what the page shows: no key."""

    def link(row: ChannelRow) -> SafeString:
        address = reverse("admin-channel", args=[row.channel.pk])
        return format_html('<a href="{}">{}</a>', address, row.channel.name)

    return Roster(
        "通知渠道",
        [
            Column("name", "名称", link, "wide", is_sortable=True, value=lambda r: r.channel.name),
            Column("unit", "送到单位", lambda r: r.unit, "wide", is_sortable=True),
            Column("kind", "方式", lambda r: r.kind, "tight", is_sortable=True),
            Column("where", "地址", lambda r: r.where, "wide"),
            Column("state", "状态", lambda r: r.state, "tight", is_sortable=True),
        ],
        queries.channel_rows(),
        lambda r: f"{r.channel.name}\n{r.unit}",
        [
            Choice("kind", "方式", [(one, one) for one in ChannelKind.labels], lambda r: r.kind),
            Choice("state", "状态", [("在用", "在用"), ("停用", "停用")], lambda r: r.state),
        ],
        search_label="名称或单位",
        empty="还没有通知渠道",
        empty_next="没有渠道的单位，催报时给出文字由人转发；能联网的可以新增邮箱或工作群机器人",
        query=query,
    )


def messages(query: QueryDict) -> Roster[MessageRow]:
    """The newest messages."""

    def link(row: MessageRow) -> SafeString:
        address = reverse("admin-message", args=[row.message.pk])
        return format_html('<a href="{}">{}</a>', address, row.message.subject)

    return Roster(
        "消息",
        [
            Column("at", "时间", lambda r: clock.minute(r.message.at), "tight", is_sortable=True),
            Column("unit", "单位", lambda r: r.unit, "wide", is_sortable=True),
            Column("subject", "标题", link, "wide", value=lambda r: r.message.subject),
            Column("channel", "渠道", lambda r: r.channel, "tight", is_sortable=True),
            Column("state", "状态", lambda r: r.state, "tight", is_sortable=True),
            Column("attempts", "试发次数", lambda r: r.message.attempts, "num"),
            Column("fault", "没有发出的原因", lambda r: r.message.fault, "wide"),
            Column("by", "办理人", lambda r: r.message.by, "tight"),
        ],
        queries.message_rows(),
        lambda r: f"{r.unit}\n{r.message.subject}\n{r.channel}",
        [Choice("state", "状态", [(one, one) for one in MessageState.labels], lambda r: r.state)],
        search_label="单位、标题或渠道",
        empty="还没有消息",
        empty_next="在收表台点“催报”，消息会列在这里",
        query=query,
    )
