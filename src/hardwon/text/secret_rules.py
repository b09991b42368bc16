"""What secrets look like, from the formats that their providers publish. Data; `hardwon.text.redact` applies it.

Lengths are minimal ones, because agents cut long outputs and half a token is a secret too. A rule is tried only where one of its
literals stands. `pattern` is matched at the literal, or searched from `back` characters before it; the group
`secret`, else the whole match, is what gets replaced. `check` says whether that is a secret after all.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from hardwon.text.patterns import Lazy
from hardwon.text.secret_values import looks_mixed, looks_random, looks_secret, no_placeholder

START = r"(?:(?<![A-Za-z0-9_])|(?<=\\[nrtbf])|(?<=\\u[0-9a-fA-F]{4}))"
"""No letter before; or one that belongs to an escape, because the arguments of calls are JSON as text (`\\nghp_…`)."""
END = r"(?![A-Za-z0-9_])"


class SecretRule(msgspec.Struct, frozen=True, gc=False):
    """One kind of secret. `words`: the literals are words whose case varies."""

    kind: str
    literals: tuple[str, ...]
    pattern: Lazy
    back: int = 0
    check: Callable[[str], bool] | None = None
    words: bool = False


def _rule(kind: str, literals: str, pattern: str, *, back: int = 0, check: Callable[[str], bool] | None = None) -> SecretRule:
    return SecretRule(kind, tuple(literals.split("|")), Lazy(pattern), back, check)


def _token(kind: str, literals: str, body: str, check: Callable[[str], bool] | None = None) -> SecretRule:
    """A token that starts with its literal."""
    heads = "|".join(re.escape(literal) for literal in literals.split("|"))
    return _rule(kind, literals, rf"{START}(?:{heads}){body}{END}", check=check)


def _chosen(value: str) -> bool:
    return looks_secret(value, quoted=True, password=True)


_NAMES = "password|passwd|passphrase|secret|token|api_key|apikey|api-key|access_key|accesskey|access-key|private_key|privatekey|\
auth_key|authkey|secret_key|secretkey|signing_key|encryption_key|account_key|credential|credentials|pwd"
_WORD_CASES = tuple(
    """apiKey ApiKey API-Key Api-Key accessKey AccessKey privateKey PrivateKey authKey AuthKey secretKey SecretKey passPhrase
    PassPhrase passWord PassWord AccountKey accountKey""".split()
)


def _cased(words: str) -> tuple[str, ...]:
    known = words.split("|")
    found = {form for word in known for form in (word, word.upper(), word.capitalize())}
    return tuple(sorted(found | {form for form in _WORD_CASES if form.lower() in known}))


_Q = r"\\?[\"'`]"
_VALUE = (
    rf"(?:(?P<quote>{_Q})(?P<quoted>[^\"'`\\\n\x00]{{4,500}}?)(?P=quote)|(?P<bare>[^\s\"'`\\,;&|<>(){{}}\[\]\x00]{{6,500}}+)(?!\())"
)

ASSIGNMENT = SecretRule(
    "credential",
    _cased(_NAMES),
    Lazy(rf"(?:_?[0-9])?(?:{_Q})?[ \t]{{0,8}}(?::?=|:|=>)[ \t]{{0,8}}(?:[bfru]{{1,2}}(?=[\"']))?{_VALUE}"),
    words=True,
)
"""`name = value`, matched right behind the name. Checked by `looks_secret` with and without quotes."""

OPTION = SecretRule("credential", _cased(_NAMES), Lazy(rf"[ \t]{{1,4}}{_VALUE}"), words=True)
"""`--password value`, matched right behind the name when an option stands before it."""

RULES: tuple[SecretRule, ...] = (
    _token("aws_key_id", "AKIA|ASIA|ABIA|ACCA", r"[A-Z0-9]{10,16}", lambda s: any(letter.isdigit() for letter in s)),
    _token("github_token", "ghp_|gho_|ghu_|ghs_|ghr_", r"[A-Za-z0-9]{20,255}"),
    _token("github_token", "github_pat_", r"[A-Za-z0-9_]{20,255}"),
    _token("gitlab_token", "glpat-|gldt-|glrt-|glrtr-|glptt-|glft-|glsoat-|glcbt-|glimt-|glagent-|GR1348941", r"[\w.-]{20,300}"),
    _token(
        "slack_token",
        "xoxb-|xoxp-|xoxa-|xoxr-|xoxs-|xoxo-|xoxe-|xoxc-|xoxd-|xoxe.xoxp-|xoxe.xoxb-",
        r"[A-Za-z0-9%-]{10,400}",
        looks_random,
    ),
    _token("slack_token", "xapp-", r"\d-[A-Z0-9]+-\d+-[A-Za-z0-9]{20,}"),
    _rule(
        "slack_webhook", "hooks.slack.com/", r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<secret>[A-Za-z0-9+/_-]{20,})"
    ),
    _token("stripe_key", "sk_live_|sk_test_|rk_live_|rk_test_", r"[A-Za-z0-9]{16,255}"),
    _token("webhook_secret", "whsec_", r"[A-Za-z0-9+/]{24,}={0,2}", looks_random),
    _token("anthropic_key", "sk-ant-", r"[\w-]{24,}"),
    _token("openai_key", "sk-proj-|sk-svcacct-|sk-admin-|sk-None-", r"[\w-]{24,}", looks_random),
    _token("openrouter_key", "sk-or-", r"[\w-]{24,}", looks_random),
    _token("api_key", "sk-", r"[A-Za-z0-9]{20,}", looks_random),
    _token("google_key", "AIza", r"[\w-]{24,64}"),
    _token("google_token", "ya29.", r"[\w-]{20,}"),
    _token("google_secret", "GOCSPX-", r"[\w-]{20,}"),
    _token("npm_token", "npm_", r"[A-Za-z0-9]{20,64}", looks_random),
    _token("pypi_token", "pypi-", r"AgE[\w-]{40,}"),
    _token("rubygems_key", "rubygems_", r"[0-9a-f]{48}"),
    _token("twilio_key", "SK", r"[0-9a-f]{32}"),
    _token("sendgrid_key", "SG.", r"[\w-]{16,32}\.[\w-]{16,64}"),
    _rule("telegram_token", ":AA", START + r"\d{8,10}:AA[\w-]{32,34}(?![\w-])", back=10),
    _rule("discord_webhook", "/api/webhooks/", r"/api/webhooks/(?P<secret>\d+/[\w-]{40,})"),
    _token("huggingface_token", "hf_", r"[A-Za-z0-9]{20,}", looks_mixed),
    _token("digitalocean_token", "dop_v1_|doo_v1_|dor_v1_", r"[0-9a-f]{64}"),
    _rule("azure_key", "AccountKey=|SharedAccessKey=", r"(?:AccountKey|SharedAccessKey)=(?P<secret>[A-Za-z0-9+/]{40,}={0,2})"),
    _rule("azure_signature", "sig=", r"sig=(?P<secret>[A-Za-z0-9%+/]{30,}(?:%3[dD]|=))"),
    _rule("azure_secret", "Q~", START + r"[\w.~-]{3}\dQ~[\w.~-]{31,34}(?![\w.~-])", back=4),
    _rule("jwt", "eyJ", START + r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}"),
    _rule("jwt", "eyJ", START + r"eyJ[\w-]{16,}\.[\w-]*\.[\w-]{8,}\.[\w-]{16,}\.[\w-]{16,}"),
    _rule(
        "private_key",
        "-----BEGIN ",
        r"-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----(?P<secret>"
        r"[^\x00]{16,20000}?(?=-----END )|(?:[A-Za-z0-9+/=\s:,-]|\\[nr]){16,20000})",
    ),
    _token("age_key", "AGE-SECRET-KEY-1", r"[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}"),
    _rule(
        "url_password",
        "://",
        r"://[^\s/:@\[\]\"'`<>{}$()\x00]{0,100}:(?P<secret>[^\s/@\"'`<>{}()\[\]\\\x00]{3,200})@",
        check=no_placeholder,
    ),
    _rule("url_token", "://", r"://(?P<secret>[A-Za-z0-9_-]{30,200})@", check=looks_random),
    _rule("bearer_token", "earer |EARER ", r"(?:earer|EARER) +(?P<secret>[\w.~+/=-]{16,2000})", check=looks_random),
    _rule(
        "authorization",
        "uthorization|UTHORIZATION",
        rf"(?:uthorization|UTHORIZATION)(?:{_Q})?\s{{0,4}}[:=]\s{{0,4}}(?:{_Q})?(?:[A-Za-z]{{3,12}} +)?"
        r"(?P<secret>[\w.~+/=:-]{12,2000})",
        check=looks_random,
    ),
    _rule(
        "basic_password",
        "curl",
        r"curl\b[^\n;|&\x00]{0,300}? (?:-u|--user)[ =]?[\"']?[^\s:\"'$<]{1,64}:(?P<secret>[^\s\"'`$<>]{6,200})",
        check=_chosen,
    ),
    _token("shopify_token", "shpat_|shpss_|shpca_|shppa_", r"[0-9a-fA-F]{32}"),
    _token("linear_key", "lin_api_|lin_oauth_", r"[A-Za-z0-9]{32,}"),
    _token("notion_token", "ntn_", r"[A-Za-z0-9]{40,}"),
    _token("figma_token", "figd_", r"[\w-]{36,}"),
    _token("docker_token", "dckr_pat_|dckr_oat_", r"[\w-]{24,}"),
    _token("vault_token", "hvs.|hvb.", r"[\w-]{24,}"),
    _token("sentry_token", "sntrys_|sntryu_", r"[\w+/=-]{40,}"),
    _token("grafana_token", "glc_|glsa_", r"[A-Za-z0-9+/_=]{32,}", looks_random),
    _token("postman_key", "PMAK-", r"[0-9a-f]{24}-[0-9a-f]{34}"),
    _token("supabase_key", "sbp_|sb_secret_", r"[\w-]{31,}"),
    _token("databricks_token", "dapi", r"[0-9a-f]{32}(?:-\d)?"),
    _token("replicate_token", "r8_", r"[A-Za-z0-9]{37}"),
    _token("groq_key", "gsk_", r"[A-Za-z0-9]{48,}"),
    _token("xai_key", "xai-", r"[A-Za-z0-9]{60,}"),
    _token("perplexity_key", "pplx-", r"[A-Za-z0-9]{40,}"),
    _token("tavily_key", "tvly-", r"[A-Za-z0-9-]{28,}", looks_random),
    _token("langsmith_key", "lsv2_", r"[a-z]{2}_[0-9a-f]{32}_[0-9a-f]{10}"),
    _token("mailgun_key", "key-", r"[0-9a-f]{32}"),
    _token("square_token", "sq0atp-|sq0csp-|sq0idp-", r"[\w-]{22,}"),
    _token("netlify_token", "nfp_", r"[A-Za-z0-9]{36,}"),
    _token("atlassian_token", "ATATT3|ATCTT3|ATBB", r"[\w=-]{28,}", looks_random),
    _token("newrelic_key", "NRAK-|NRJS-|NRII-", r"[A-Za-z0-9_-]{19,}"),
    _token("doppler_token", "dp.", r"(?:pt|st|ct|sa|scim|audit)\.[\w.-]{40,}"),
    _token("planetscale_token", "pscale_tkn_|pscale_pw_|pscale_oauth_", r"[\w.=-]{32,}"),
    _token("onepassword_token", "ops_", r"eyJ[\w+/=-]{60,}"),
    _token("tailscale_key", "tskey-", r"[a-z]+-[A-Za-z0-9-]{10,}"),
    _token("pulumi_token", "pul-", r"[0-9a-f]{40}"),
    _token("heroku_key", "HRKU-", r"[\w-]{36,}"),
    _token("alibaba_key", "LTAI", r"[A-Za-z0-9]{17,24}", looks_random),
    _token("dropbox_token", "sl.", r"[\w-]{100,}"),
    _token("contentful_token", "CFPAT-", r"[\w-]{40,}"),
    ASSIGNMENT,
    OPTION,
)
