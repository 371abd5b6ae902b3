from __future__ import annotations

from datetime import timedelta

import pytest

from guatu.notices.delivery import parts_of
from guatu.notices.rules import address_fault, is_private, rest_after, robot_key, secret_fault
from guatu.notices.types import ChannelKind

WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0"


@pytest.mark.parametrize(
    ("kind", "text", "key"),
    [
        (ChannelKind.WECOM, WECOM, "693a91f6-7xxx-4bc4-97a0"),
        (ChannelKind.WECOM, " 693a91f6-7xxx-4bc4-97a0 ", "693a91f6-7xxx-4bc4-97a0"),
        (ChannelKind.WECOM, WECOM.replace("https", "http"), ""),
        (ChannelKind.WECOM, WECOM.replace("qyapi.weixin.qq.com", "10.0.0.1"), ""),
        (ChannelKind.WECOM, WECOM.replace("qyapi", "a@qyapi.weixin.qq.com.evil"), ""),
        (ChannelKind.WECOM, WECOM.replace(".com/", ".com:8080/"), ""),
        (ChannelKind.WECOM, "https://[half", ""),
        (ChannelKind.WECOM, "short", ""),
        (ChannelKind.WECOM, "密钥密钥密钥密钥密钥", ""),
        (ChannelKind.DINGTALK, "SECabcdefgh@0123456789abcdef", "SECabcdefgh@0123456789abcdef"),
        (ChannelKind.DINGTALK, "a@b@c", ""),
        (ChannelKind.WECOM, "SECabcdefgh@0123456789abcdef", ""),
        (
            ChannelKind.FEISHU,
            "https://open.feishu.cn/open-apis/bot/v2/hook/0123456789abcdef",
            "0123456789abcdef",
        ),
        (ChannelKind.FEISHU, "x" * 500, ""),
    ],
)
def test_a_robot_is_known_by_its_own_platform_only(kind: ChannelKind, text: str, key: str) -> None:
    assert robot_key(kind, text) == key
    fault = secret_fault(kind, text)
    assert (fault is None) == bool(key)
    assert fault is None or text.strip() not in str(fault)


def test_a_key_may_stand_in_an_environment_variable() -> None:
    assert secret_fault(ChannelKind.WECOM, "env:GUATU_ROBOT_1") is None
    assert secret_fault(ChannelKind.WECOM, "env:path/../x") is not None


@pytest.mark.parametrize(
    "address", ["", "无", "a@b", "a b@example.cn", "a@example.cn\nBcc: x@y.cn", "a" * 300]
)
def test_what_is_no_mail_address_is_refused(address: str) -> None:
    assert address_fault(ChannelKind.MAIL, address) is not None


def test_a_robot_needs_no_address() -> None:
    assert address_fault(ChannelKind.WECOM, "") is None
    assert address_fault(ChannelKind.MAIL, "zdb@example.gov.cn") is None


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("10.1.2.3", True),
        ("127.0.0.1", True),
        ("169.254.169.254", True),
        ("100.64.0.1", True),
        ("::1", True),
        ("::ffff:192.168.1.1", True),
        ("fe80::1%eth0", True),
        ("224.0.0.1", True),
        ("1.12.34.56", False),
        ("2400:3200::1", False),
    ],
)
def test_inner_addresses_are_known(address: str, private: bool) -> None:
    assert is_private(address) is private


def test_a_message_rests_longer_each_time_and_is_given_up() -> None:
    rests = [rest_after(n) for n in range(1, 6)]
    assert rests[-1] is None
    held = [one for one in rests if one]
    assert held == sorted(held)
    assert held[0] == timedelta(minutes=1)


@pytest.mark.parametrize("text", ["", "一行", "长" * 5_000, "a\n" * 900, "𠮷" * 1_000])
def test_parts_are_short_enough_and_lose_nothing(text: str) -> None:
    parts = list(parts_of(text, 1_900))
    assert all(len(part.encode()) <= 1_900 for part in parts)
    assert "".join(parts).replace("\n", "") == text.replace("\n", "")
