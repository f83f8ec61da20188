"""Plugins: real distributions in folders of the test's own, loaded through their entry points.

One file, though long: the loader, the checks of records and the documentation are all tested through `Site`.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import INTERVIEW, PlainChannel, PlainChannels, state, time

from followup import hookspecs
from followup.channels import Composition
from followup.contributions import ContractError
from followup.delivery import Finder
from followup.engine import Engine
from followup.errors import NotDeliveredError, PluginError, RuleError, UsageError
from followup.explaining import Check
from followup.facts import core_facts
from followup.hookspecs import Command, Filter, GuardKind, Review, hookimpl
from followup.plan import Draft
from followup.plugins import PluginInfo, Registry, list_plugins, load_registry
from followup.states import read_text
from followup.vocabulary import Vocabulary

DOCS = Path(__file__).parent.parent / "docs" / "plugins.md"
HOOKS = tuple(sorted(name for name in vars(hookspecs) if name.startswith("followup_")))

HEAD = """
from followup.hookspecs import *

FOLLOWUP_API = 1
"""


def adds_filter(name: str) -> str:
    """The source of a plugin that adds one filter."""
    return f"{HEAD}\n@hookimpl\ndef followup_filters():\n    return [Filter({name!r}, str)]\n"


class Site:
    """Distributions that are installed for one test. What else is installed is denied and left out."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.monkeypatch = monkeypatch
        self.others = frozenset(plugin.name for plugin in list_plugins())

    def install(
        self,
        name: str,
        source: str | None = None,
        *,
        distribution: str = "",
        version: str = "1.0",
        files: Mapping[str, str] | None = None,
        value: str = "",
    ) -> Path:
        """Install a distribution with the one plugin `name`, and give the folder it lies in."""
        distribution = distribution or f"followup-{name}"
        module = re.sub(r"\W", "_", distribution)
        root = self.folder / module
        written = dict(files or {})
        if source is not None:
            written[f"{module}.py"] = source
        metadata = f"{module}-{version}.dist-info"
        written[f"{metadata}/METADATA"] = (
            f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\nSummary: The {name} plugin\n"
        )
        written[f"{metadata}/entry_points.txt"] = f"[followup]\n{name} = {value or module}\n"
        for path, text in written.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        self.monkeypatch.syspath_prepend(str(root))
        return root

    def load(self, *, deny: tuple[str, ...] = (), on_error: Any = "raise", **options: Any) -> Registry:
        """The registry, with the core's own plugins as the test gives them."""
        return load_registry(
            options.pop("builtin", ()), deny=(*deny, *self.others), on_error=on_error, **options
        )

    def plugins(self, registry: Registry) -> dict[str, PluginInfo]:
        """What became of the plugins of this test."""
        return {plugin.name: plugin for plugin in registry.plugins if plugin.name not in self.others}

    def error(self, source: str) -> str:
        """What is said of an installed plugin with this source; it must fail and add nothing."""
        self.install("broken", source)
        registry = self.load(on_error="collect")
        broken = self.plugins(registry)["broken"]
        assert broken.status == "failed"
        assert broken.adds == {}
        return broken.error


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    before = set(sys.modules)
    yield Site(tmp_path, monkeypatch)
    for name in set(sys.modules) - before:
        if name.startswith("followup_"):
            del sys.modules[name]


def handed(**hooks: Callable[[], object]) -> SimpleNamespace:
    """A plugin as an object, with these hooks."""
    return SimpleNamespace(FOLLOWUP_API=1, **{name: hookimpl(hook) for name, hook in hooks.items()})


def load_handed(*plugins: tuple[str, object], **options: Any) -> Registry:
    return load_registry((), extra=plugins, installed=False, **options)


def refused(plugin: object) -> str:
    """What is said of a plugin that is handed over and must be refused."""
    with pytest.raises(PluginError) as caught:
        load_handed(("broken", plugin))
    return str(caught.value)


# A plugin that is as it should be


def test_an_installed_plugin_is_loaded_and_says_what_it_adds(site: Site) -> None:
    site.install("shout", adds_filter("shout"), version="1.2")
    registry = site.load()
    assert registry.filters["shout"].apply("now") == "now"
    plugin = site.plugins(registry)["shout"]
    assert plugin == PluginInfo(
        name="shout",
        distribution="followup-shout",
        version="1.2",
        summary="The shout plugin",
        status="loaded",
        adds={"followup_filters": ("shout",)},
    )
    assert str(plugin) == "plugin `shout` (followup-shout 1.2)"


@pytest.mark.parametrize(
    "result",
    [
        "return [Filter('b', str), Filter('a', str)]",
        "return (Filter('b', str), Filter('a', str))",
        "yield Filter('b', str); yield Filter('a', str)",
    ],
)
def test_a_hook_may_return_a_list_or_a_tuple_or_yield(site: Site, result: str) -> None:
    site.install("two", f"{HEAD}\n@hookimpl\ndef followup_filters():\n    {result}\n")
    registry = site.load()
    assert list(registry.filters) == ["a", "b"]
    assert registry.plugins[-1].adds == {"followup_filters": ("a", "b")}


@pytest.mark.parametrize("result", [None, [], ()])
def test_a_hook_may_add_nothing(result: object) -> None:
    registry = load_handed(("quiet", handed(followup_filters=lambda: result)))
    assert registry.plugins[0].status == "loaded"
    assert registry.plugins[0].adds == {}


def test_an_entry_point_may_name_an_object(site: Site) -> None:
    source = f"""{HEAD}
class Shouting:
    FOLLOWUP_API = 1

    @hookimpl
    def followup_filters(self):
        return [Filter("shout", str.upper)]

plugin = Shouting()
"""
    site.install("shout", source, value="followup_shout:plugin")
    assert site.load().filters["shout"].apply("now") == "NOW"


def test_the_registry_cannot_be_changed() -> None:
    registry = load_handed(("shout", handed(followup_filters=lambda: [Filter("shout", str.upper)])))
    with pytest.raises(TypeError):
        registry.filters["whisper"] = Filter("whisper", str.lower)  # type: ignore[index]
    with pytest.raises(AttributeError):
        registry.filters = {}  # type: ignore[misc]


def test_two_registries_share_nothing() -> None:
    plugin = handed(followup_filters=lambda: [Filter("shout", str.upper)])
    assert list(load_handed(("one", plugin)).filters) == ["shout"]
    assert list(load_handed(("two", plugin)).filters) == ["shout"]
    assert list(load_handed().filters) == []


@given(st.permutations(("alpha", "beta", "gamma", "delta")))
def test_the_order_in_which_plugins_come_means_nothing(order: list[str]) -> None:
    def plugin(name: str) -> SimpleNamespace:
        shared = "greek_b" if name in ("beta", "delta") else f"greek_{name[0]}"
        return handed(followup_filters=lambda: [Filter(shared, str.upper, title=name)])

    registry = load_handed(*((name, plugin(name)) for name in order), on_error="collect")
    assert [p.name for p in registry.plugins] == ["alpha", "beta", "delta", "gamma"]
    assert [p.status for p in registry.plugins] == ["loaded", "loaded", "failed", "loaded"]
    assert list(registry.filters) == ["greek_a", "greek_b", "greek_g"]
    assert registry.filters["greek_b"].title == "beta"


def test_the_order_of_installation_means_nothing(site: Site) -> None:
    site.install("zulu", adds_filter("shout"))
    site.install("alpha", adds_filter("shout"))
    plugins = site.plugins(site.load(on_error="collect"))
    assert {name: plugin.status for name, plugin in plugins.items()} == {"alpha": "loaded", "zulu": "failed"}


# Listing and denying


def test_plugins_are_listed_in_order_of_name_without_importing_them(site: Site) -> None:
    site.install("zulu", "raise SystemExit('imported')", version="2.0")
    site.install("alpha", "raise SystemExit('imported')")
    listed = [plugin for plugin in list_plugins(deny=["zulu"]) if plugin.name not in site.others]
    assert [(p.name, p.distribution, p.version, p.summary, p.status) for p in listed] == [
        ("alpha", "followup-alpha", "1.0", "The alpha plugin", "not loaded"),
        ("zulu", "followup-zulu", "2.0", "The zulu plugin", "denied"),
    ]


def test_a_denied_plugin_is_never_imported(site: Site) -> None:
    mark = site.folder / "imported"
    site.install("marking", f"open({str(mark)!r}, 'w').close()\n{adds_filter('shout')}")
    registry = site.load(deny=("marking",))
    assert not mark.exists()
    assert "shout" not in registry.filters
    assert site.plugins(registry)["marking"].status == "denied"
    site.load()
    assert mark.exists()


def test_only_what_is_handed_over_loads_when_installed_plugins_are_left_out(site: Site) -> None:
    site.install("broken", "raise SystemExit")
    assert load_registry((), installed=False).plugins == ()


def test_a_deny_list_that_is_one_text_is_refused() -> None:
    with pytest.raises(UsageError, match="pass a list of names"):
        list_plugins(deny="linkedin")


def test_the_cores_own_plugin_cannot_be_denied() -> None:
    with pytest.raises(UsageError, match="`core`, which is the core's own"):
        load_registry([("core", handed())], deny=["core"], installed=False)


def test_an_unknown_way_with_errors_is_refused() -> None:
    with pytest.raises(UsageError, match="pass `raise` or `collect`"):
        load_registry((), on_error="ignore")  # type: ignore[arg-type]


# A plugin that raises costs only itself


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("raise RuntimeError('boom')", "raised RuntimeError: boom"),
        ("import sys; sys.exit('no licence')", "raised SystemExit: no licence"),
        (
            "raise RuntimeError('boom')",
            "; `followup plugins disable broken` keeps it out until that is mended",
        ),
        ("import no_such_module", "raised ModuleNotFoundError: No module named 'no_such_module'"),
        ("import no_such_module", "; install what it needs (`pip check` says what is missing), or"),
        ("\ndef", "raised SyntaxError: invalid syntax ("),
        ("\ndef", "followup_broken.py:2)"),
        ("class Own(BaseException): pass\nraise Own", "raised followup_broken.Own"),
    ],
)
def test_a_plugin_that_raises_at_import_costs_only_itself(site: Site, statement: str, said: str) -> None:
    site.install("broken", statement, version="0.3")
    site.install("good", adds_filter("shout"))
    registry = site.load(on_error="collect")
    assert "shout" in registry.filters
    broken = site.plugins(registry)["broken"]
    assert broken.status == "failed"
    assert broken.error.startswith("plugin `broken` (followup-broken 0.3): ")
    assert said in broken.error


@pytest.mark.parametrize("statement", ["raise RuntimeError('boom')", "raise SystemExit('boom')", "1 / 0"])
def test_a_hook_that_raises_is_named_with_plugin_version_file_and_line(site: Site, statement: str) -> None:
    error = site.error(f"{HEAD}\n@hookimpl\ndef followup_filters():\n    {statement}\n")
    assert error.startswith("plugin `broken` (followup-broken 1.0), followup_filters: raised ")
    assert re.search(r"followup_broken\.py:8\); `followup plugins disable broken`", error)


def test_a_generator_that_raises_halfway_adds_nothing(site: Site) -> None:
    source = f"{HEAD}\n@hookimpl\ndef followup_filters():\n    yield Filter('shout', str)\n    1 / 0\n"
    assert "raised ZeroDivisionError" in site.error(source)
    assert "shout" not in site.load(on_error="collect").filters


def test_an_entry_point_that_leads_nowhere_costs_only_its_plugin(site: Site) -> None:
    site.install("broken", HEAD, value="followup_broken:missing")
    site.install("absent", value="followup_no_such_module")
    plugins = site.plugins(site.load(on_error="collect"))
    assert "AttributeError" in plugins["broken"].error
    assert "No module named 'followup_no_such_module'" in plugins["absent"].error


def test_a_plugin_comes_in_whole_or_not_at_all(site: Site) -> None:
    source = adds_filter("shout") + "@hookimpl\ndef followup_reviews():\n    return ['calm']\n"
    assert ", followup_reviews: " in site.error(source)
    assert "shout" not in site.load(on_error="collect").filters


def test_a_failed_plugin_leaves_its_names_to_others() -> None:
    failing = handed(followup_filters=lambda: [Filter("shout", str)], followup_reviews=lambda: 7)
    working = handed(followup_filters=lambda: [Filter("shout", str)])
    registry = load_handed(("a", failing), ("b", working), on_error="collect")
    assert [plugin.status for plugin in registry.plugins] == ["failed", "loaded"]


def test_raising_tells_every_failure_and_its_cause(site: Site) -> None:
    site.install("one", "raise RuntimeError('first')")
    site.install("two", HEAD.replace("1", "99"))
    with pytest.raises(PluginError) as caught:
        site.load()
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == [
        "plugin `one` (followup-one 1.0)",
        "plugin `two` (followup-two 1.0)",
    ]
    assert isinstance(caught.value.__cause__, RuntimeError)


def test_every_hook_that_fails_has_its_line() -> None:
    plugin = handed(followup_filters=lambda: 7, followup_reviews=lambda: 7)
    (info,) = load_handed(("broken", plugin), on_error="collect").plugins
    assert [line.split(":")[0] for line in info.error.splitlines()] == [
        "plugin `broken` (handed over by the caller), followup_filters",
        "plugin `broken` (handed over by the caller), followup_reviews",
    ]


def test_what_watches_plugins_sees_all_but_the_cores_own_and_may_refuse_one() -> None:
    seen = []

    @contextmanager
    def watch(plugin: PluginInfo) -> Iterator[None]:
        seen.append(plugin.name)
        yield
        if plugin.name == "slow":
            raise ContractError("it took too long")

    def adding(name: str) -> SimpleNamespace:
        return handed(followup_filters=lambda: [Filter(name, str)])

    registry = load_registry(
        [("core", adding("core"))], on_error="collect", installed=False, watch=watch,
        extra=[("quick", adding("quick")), ("slow", adding("slow"))],
    )  # fmt: skip
    assert sorted(registry.filters) == ["core", "quick"]
    assert seen == ["quick", "slow"]
    assert {plugin.name: plugin.error for plugin in registry.plugins} == {
        "core": "",
        "quick": "",
        "slow": "plugin `slow` (handed over by the caller): it took too long",
    }


def test_the_users_interrupt_is_not_swallowed(site: Site) -> None:
    site.install("slow", "raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        site.load(on_error="collect")


def test_a_failure_of_the_cores_own_plugin_always_raises() -> None:
    with pytest.raises(PluginError, match="followup_filters: returned `7`"):
        load_registry([("core", handed(followup_filters=lambda: 7))], on_error="collect", installed=False)


# Versions of the interface, and hooks


def test_a_plugin_without_a_version_of_the_interface_is_refused_with_the_cure(site: Site) -> None:
    error = site.error(adds_filter("shout").replace("FOLLOWUP_API = 1", ""))
    assert "it has no `FOLLOWUP_API`; write `FOLLOWUP_API = 1` in " in error
    assert error.endswith("followup_broken.py")


@pytest.mark.parametrize("version", ["'1'", "True", "0", "1.0"])
def test_a_version_of_the_interface_that_is_no_number_is_refused(site: Site, version: str) -> None:
    error = site.error(f"FOLLOWUP_API = {version}")
    assert f"its `FOLLOWUP_API` is `{version}`; write `FOLLOWUP_API = 1` in " in error


def test_a_plugin_for_a_newer_interface_is_refused_in_a_sentence(site: Site) -> None:
    assert site.error("FOLLOWUP_API = 2") == (
        "plugin `broken` (followup-broken 1.0): it needs version 2 of the plugin interface, but this "
        "followup has 1; install a newer followup, or an older release of the plugin"
    )


def test_a_misspelt_hook_is_an_error_that_names_the_one_meant(site: Site) -> None:
    site.install("postcard", f"{HEAD}\n@hookimpl\ndef followup_chanels():\n    return []\n")
    (line,) = str(site.plugins(site.load(on_error="collect"))["postcard"].error).splitlines()
    assert "there is no hook `followup_chanels`; did you mean `followup_channels`?" in line
    assert line in DOCS.read_text(encoding="utf-8")


def test_a_hook_that_only_newer_versions_know_may_be_marked_as_optional(site: Site) -> None:
    site.install("modern", f"{HEAD}\n@hookimpl(optionalhook=True)\ndef followup_weather():\n    return []\n")
    assert site.plugins(site.load())["modern"].status == "loaded"


def test_a_hook_without_its_mark_is_an_error(site: Site) -> None:
    error = site.error(adds_filter("shout").replace("@hookimpl", ""))
    assert "`followup_filters` is not marked as a hook; write `@hookimpl` above it" in error


def test_a_hook_that_asks_for_arguments_is_refused(site: Site) -> None:
    error = site.error(f"{HEAD}\n@hookimpl\ndef followup_filters(engine, *, rules):\n    return []\n")
    assert "`followup_filters` asks for `engine`, `rules`, but no hook has arguments" in error
    assert "; write `def followup_filters():` (" in error
    assert error.endswith("followup_broken.py:6)")


def test_a_hook_that_wraps_others_is_refused(site: Site) -> None:
    error = site.error(f"{HEAD}\n@hookimpl(wrapper=True)\ndef followup_filters():\n    return (yield)\n")
    assert "`followup_filters` is a wrapper; return records instead" in error


def test_a_class_is_refused_where_an_object_is_meant() -> None:
    class Plugin:
        FOLLOWUP_API = 1

    assert "`Plugin` is a class; name an object made from it" in refused(Plugin)


# Records


@pytest.mark.parametrize("hook", HOOKS)
def test_a_record_of_the_wrong_type_is_refused_by_every_hook(hook: str) -> None:
    error = refused(handed(**{hook: lambda: [object()]}))
    assert error.startswith(f"plugin `broken` (handed over by the caller), {hook}: gave `<object object at ")


@pytest.mark.parametrize("result", ["shout", {"shout": str}, {"shout"}, 7, Filter("shout", str)])
def test_a_result_that_is_no_list_is_refused(result: object) -> None:
    error = refused(handed(followup_filters=lambda: result))
    assert "; return a list or tuple of records, or yield them" in error


def test_a_wrong_type_is_told_with_the_right_one() -> None:
    error = refused(handed(followup_reviews=lambda: [Filter("shout", str)]))
    assert error.endswith("; give an object of `followup.hookspecs.Review`")


def test_a_class_in_the_place_of_a_channel_is_told_to_make_an_object(site: Site) -> None:
    source = example("followup_channels").replace("PostcardChannel()]", "PostcardChannel]")
    assert site.error(source).endswith("give an object made from it: `PostcardChannel(…)`")


def test_a_channel_that_lacks_something_is_told_what(site: Site) -> None:
    source = (
        example("followup_channels").replace("def review", "def proofread").replace("limits =", "limit =")
    )
    assert site.error(source).endswith("it is no `followup.channels.Channel` without `limits`, `review`")


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        (
            'direction = "employer"',
            'direction = "both"',
            "`direction` is `'both'`; it must be `employer` or `self`",
        ),
        (
            "limits = Limits(body=4_000)",
            "limits = 4_000",
            "`limits` is `4000`; it must be a `followup.channels",
        ),
        ('label = "Postcard"', 'label = " "', "`label` must be the name that people read"),
        (
            'name = "postcard"',
            'name = "A Postcard"',
            "the channel's name is `'A Postcard'`; write lower-case letters",
        ),
        ('name = "postcard"', "name = None", "the channel's name is `None`"),
        ("def review(self, draft", "review = 1\n\n    def other(self, draft", "`review` must be a function"),
    ],
)
def test_a_channel_is_checked_before_it_comes_in(site: Site, right: str, wrong: str, said: str) -> None:
    source = example("followup_channels")
    assert said in site.error(source.replace(right, wrong))


@pytest.mark.parametrize("name", ["Shout", "shout!", "", "1st", "two words", "with-dash", "shout\n", "é"])
def test_a_filter_has_a_name_that_templates_can_write(name: str) -> None:
    error = refused(handed(followup_filters=lambda: [Filter(name, str)]))
    assert "; write lower-case letters and digits, parted by `_`, such as `at_least`" in error


def test_the_name_of_a_plugin_is_checked_before_it_is_imported(site: Site) -> None:
    mark = site.folder / "imported"
    site.install("Bad Name", f"open({str(mark)!r}, 'w').close()", distribution="followup-bad")
    assert "its name is `'Bad Name'`" in site.plugins(site.load(on_error="collect"))["Bad Name"].error
    assert not mark.exists()


def test_a_function_is_asked_for_where_a_record_needs_one() -> None:
    plugin = handed(followup_reviews=lambda: [Review("calm", "check")])  # type: ignore[arg-type]
    assert "the review `calm`: `check` must be a function" in refused(plugin)


@pytest.mark.parametrize("schema", ["{'type': 'whole'}", "'integer'", "None"])
def test_the_schema_of_a_guard_kind_is_checked(site: Site, schema: str) -> None:
    source = example("followup_guards") + f"    return [GuardKind('limit', {schema}, allowed)]\n"
    source = source.replace('    return [GuardKind("round-limit"', '    [GuardKind("round-limit"')
    assert "is not a JSON Schema" in site.error(source)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('required=("due",)', 'required=("dew",)', "`dew` is not among its fields; did you mean `due`?"),
        (
            '{"type": "string", "description": "who gave it"}',
            '"string"',
            "the field `from`: a field is a JSON Schema",
        ),
        ('name="homework"', 'name="interview"', "the event type `interview` is the core's own"),
    ],
)
def test_an_event_type_is_checked(site: Site, right: str, wrong: str, said: str) -> None:
    assert said in site.error(example("followup_event_types").replace(right, wrong))


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("company.culture", "the namespace `company` of the fact `company.culture` is the core's own"),
        ("events.last", "the namespace `events` of the fact `events.last` is the core's own"),
        ("sponsor", "write a namespace of the plugin's own, a dot and a name, such as `visa.expires`"),
    ],
)
def test_a_fact_stands_in_a_namespace_of_the_plugins_own(site: Site, path: str, said: str) -> None:
    assert said in site.error(example("followup_facts").replace("visa.sponsor", path))


def test_a_fact_has_a_type_of_facts(site: Site) -> None:
    source = example("followup_facts").replace('FactType("boolean")', '"boolean"')
    assert "`type` is `'boolean'`; it must be a `followup.facts.FactType`" in site.error(source)


def test_a_namespace_belongs_to_one_plugin(site: Site) -> None:
    site.install("visa", example("followup_facts"))
    site.install("visitor", example("followup_facts").replace("visa.sponsor", "visa.expires"))
    assert (
        "the namespace `visa` of the fact `visa.expires` belongs to plugin `visa` (followup-visa 1.0)"
        in site.plugins(site.load(on_error="collect"))["visitor"].error
    )


@pytest.mark.parametrize("name", ["any", "at_least"])
def test_an_operator_cannot_take_a_name_of_the_language(site: Site, name: str) -> None:
    source = example("followup_operators").replace("starts_with", name)
    assert f"the operator `{name}` is the core's own" in site.error(source)


def test_a_filter_cannot_take_the_name_of_a_built_in_one() -> None:
    error = refused(handed(followup_filters=lambda: [Filter("upper", str)]))
    assert "the filter `upper` is the core's own" in error


def test_a_scenario_folder_must_be_absolute_and_hold_a_scenario(tmp_path: Path) -> None:
    assert "holds no `scenario.yaml`" in refused(handed(followup_scenarios=lambda: [tmp_path]))
    assert "is not absolute" in refused(handed(followup_scenarios=lambda: [Path("startup")]))
    assert "give an object of `pathlib.Path`" in refused(handed(followup_scenarios=lambda: [str(tmp_path)]))


def test_a_hook_that_never_ends_is_stopped() -> None:
    def endless() -> Iterator[Filter]:
        number = 0
        while True:
            number += 1
            yield Filter(f"filter{number}", str)

    assert "gives more than 10,000 records" in refused(handed(followup_filters=endless))


# Duplicates


def test_a_duplicate_name_costs_the_later_plugin_and_names_both_with_their_versions(site: Site) -> None:
    site.install("beta", adds_filter("shout"), version="2.1")
    site.install("alpha", adds_filter("shout"), version="1.9")
    with pytest.raises(PluginError) as caught:
        site.load()
    assert str(caught.value) == (
        "plugin `beta` (followup-beta 2.1), followup_filters: the filter `shout` belongs to plugin `alpha` "
        "(followup-alpha 1.9); choose another name, or deny one of the two"
    )
    assert "shout" in site.load(deny=("alpha",)).filters


def test_a_name_given_twice_by_one_plugin_is_refused() -> None:
    twice = [Filter("shout", str), Filter("shout", str)]
    assert "the filter `shout` is given twice" in refused(handed(followup_filters=lambda: twice))


def test_the_cores_own_record_always_wins(site: Site) -> None:
    site.install("alpha", adds_filter("shout"))
    core = handed(followup_filters=lambda: [Filter("shout", str.upper, title="the core's")])
    registry = site.load(builtin=[("zz-core", core)], on_error="collect")
    assert registry.filters["shout"].title == "the core's"
    assert site.plugins(registry)["alpha"].error.endswith("the core's own; choose another name")
    assert site.plugins(registry)["zz-core"].builtin


def test_a_plugin_with_the_name_of_the_cores_own_is_refused_without_import(site: Site) -> None:
    site.install("core", "raise SystemExit('imported')", distribution="followup-impostor")
    registry = site.load(builtin=[("core", handed())], on_error="collect")
    statuses = {(plugin.distribution, plugin.status) for plugin in registry.plugins if plugin.name == "core"}
    assert statuses == {("followup", "loaded"), ("followup-impostor", "failed")}


def test_two_distributions_with_one_plugin_name_are_both_refused_without_import(site: Site) -> None:
    site.install("postcard", "raise SystemExit('imported')", distribution="followup-postcard", version="1.0")
    site.install("postcard", "raise SystemExit('imported')", distribution="paper-mail", version="3.1")
    with pytest.raises(PluginError) as caught:
        site.load()
    assert str(caught.value).splitlines() == [
        "plugin `postcard` (followup-postcard 1.0): another plugin has this name (paper-mail 3.1); "
        "uninstall or rename one of them",
        "plugin `postcard` (paper-mail 3.1): another plugin has this name (followup-postcard 1.0); "
        "uninstall or rename one of them",
    ]


def test_a_plugin_handed_over_under_the_name_of_an_installed_one_is_refused(site: Site) -> None:
    site.install("shout", adds_filter("shout"))
    with pytest.raises(PluginError, match=r"another plugin has this name \(handed over by the caller\)"):
        site.load(extra=[("shout", handed())])


# Plugins without Python


def test_a_plugin_may_be_scenarios_alone_without_python(site: Site) -> None:
    files = {
        "startup_pack/offer/scenario.yaml": "format: 1\nscenario: offer\n",
        "startup_pack/silence/scenario.yaml": "format: 1\nscenario: silence\n",
        "startup_pack/notes/README.md": "not a scenario",
    }
    root = site.install("startup", files=files, value="startup_pack")
    registry = site.load()
    assert dict(registry.scenarios) == {
        "offer": root / "startup_pack" / "offer",
        "silence": root / "startup_pack" / "silence",
    }
    assert site.plugins(registry)["startup"].adds == {"followup_scenarios": ("offer", "silence")}


def test_a_package_with_neither_python_nor_scenarios_is_refused(site: Site) -> None:
    site.install("empty", files={"empty_pack/README.md": "nothing"}, value="empty_pack")
    with pytest.raises(PluginError, match="holds neither Python nor a folder with"):
        site.load()


# The hooks, each with the example of its section in docs/plugins.md


def example(hook: str) -> str:
    """The plugin that the documentation of a hook shows."""
    return example_after(f"### `{hook}(")


def example_after(heading: str) -> str:
    """The plugin that stands below a heading that begins like this."""
    rest = DOCS.read_text(encoding="utf-8").split(f"\n{heading}")[1]
    section = re.split(r"\n##+ ", rest)[0]
    (source,) = re.findall(r"^```python\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    return str(source)


STATE = """\
format: 1
candidate: {name: Ana Souza}
company: {name: Initech}
position: {title: Data Engineer}
"""


def load_example(site: Site, hook: str, beside: Sequence[str] = ()) -> Registry:
    site.install("example", example(hook))
    registry = site.load(deny=tuple(beside))
    assert list(site.plugins(registry)["example"].adds) == [hook]
    return registry


def test_every_hook_has_a_heading_with_its_exact_signature_and_nothing_else_has() -> None:
    headings = re.findall(r"^### `(.*)`$", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(headings) == [
        name + str(inspect.signature(getattr(hookspecs, name))).replace("'", "") for name in HOOKS
    ]


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_says_what_it_is_for_and_has_a_test_of_its_name(hook: str) -> None:
    assert "Since version " in inspect.getdoc(getattr(hookspecs, hook)) or ""
    assert f"test_hook_{hook}" in globals()


def test_hook_followup_channels(site: Site) -> None:
    postcard = load_example(site, "followup_channels").channels["postcard"]
    assert (postcard.label, postcard.direction) == ("Postcard", "employer")


def test_hook_followup_scenarios(site: Site) -> None:
    files = {"paper/scenario.yaml": "format: 1\nscenario: paper\n"}
    root = site.install("example", example("followup_scenarios"), files=files)
    assert dict(site.load().scenarios) == {"paper": root / "paper"}


WANTING = """
format: 1
scenario: pack
rules:
  text-them:
    intent: thanks
    after: interview
    to: lead
    via: telegraph
"""


def test_scenarios_that_want_what_is_not_installed_are_left_out_and_told(tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "scenario.yaml").write_text(WANTING, "utf-8")
    plugins = [("pack", handed(followup_scenarios=lambda: [tmp_path / "pack"])), ("plain", PlainChannels())]
    engine = Engine.load(plugins=False, extra_plugins=plugins, on_plugin_error="collect")
    [pack] = [plugin for plugin in engine.plugins if plugin.name == "pack"]
    assert pack.status == "failed"
    assert "pack/scenario.yaml:9:10: no channel is named `telegraph`" in pack.error
    assert "`followup plugins disable pack`" in pack.error
    assert "inquiry" in engine.rules
    with pytest.raises(RuleError) as caught:
        Engine.load(plugins=False, extra_plugins=plugins)
    assert any("plugins disable pack" in note for note in caught.value.__notes__)


def test_hook_followup_languages(site: Site) -> None:
    files = {"pt/language.yaml": "format: 1\nlanguage: pt\n"}
    root = site.install("example", example("followup_languages"), files=files)
    assert dict(site.load().languages) == {"pt": root / "pt"}


@pytest.mark.parametrize(("told", "value"), [("true", True), ("false", False)])
def test_hook_followup_facts(site: Site, told: str, value: bool) -> None:
    fact = load_example(site, "followup_facts").facts["visa.sponsor"]
    vocabulary = Vocabulary(facts={fact.path: fact}, namespaces=frozenset({"visa"}))
    state = read_text(f"{STATE}visa: {{sponsor: {told}}}\n", vocabulary=vocabulary).state
    assert fact.get(SimpleNamespace(history=SimpleNamespace(state=state))) is value
    assert fact.get(SimpleNamespace(history=SimpleNamespace(state=SimpleNamespace(extensions={})))) is None


def test_hook_followup_event_types(site: Site) -> None:
    event = load_example(site, "followup_event_types").event_types["homework"]
    assert event.required == ("due",)


def test_hook_followup_operators(site: Site) -> None:
    operator = load_example(site, "followup_operators").operators["starts_with"]
    wanted = operator.operand("Data", None)
    calendar: Any = None
    assert operator.holds("data engineer", wanted, calendar) is True
    assert operator.holds("big data", wanted, calendar) is False
    with pytest.raises(ValueError, match="a text is expected here"):
        operator.operand(["Data"], None)


def test_hook_followup_conditions(site: Site) -> None:
    kind = load_example(site, "followup_conditions").condition_kinds["total"]
    facts = {fact.path: fact for fact in core_facts()}
    calendar: Any = None
    question = kind.compile({"of": ["rounds", "unanswered"], "at_least": 3}, facts)
    assert isinstance(question, hookspecs.Question)
    assert question.reads == ("rounds", "unanswered")
    assert question.holds({"rounds": 2, "unanswered": 1}, calendar) is True
    assert question.holds({"rounds": 2}, calendar) is None
    (mistake,) = kind.compile({"of": ["round"], "at_least": 3}, facts)
    assert mistake == hookspecs.Mistake("no number is named `round`", "did you mean `rounds`?")


def test_hook_followup_guards(site: Site) -> None:
    from followup.moments import ALWAYS, NEVER

    kind = load_example(site, "followup_guards").guard_kinds["round-limit"]
    assert kind.allowed(2, {"rounds": 3}) == NEVER
    assert kind.allowed(2, {"rounds": 2}) == ALWAYS
    assert kind.allowed(2, {}) == ALWAYS


PACK = """\
format: 1
scenario: own
title: Rules that use what a plugin brings
parameters:
  most: {default: 1}
rules:
  ask:
    intent: inquiry
    after: interview
    to: lead
    via: email
    message: ask
    when:
      total: {of: [rounds, last.interview.round], at_least: 3}
guards:
  enough:
    custom: {round-limit: $most}
"""


def own_rules(site: Site, folder: Path, hook: str, text: str) -> Engine:
    """An engine with the docs' example of a hook and a pack of one rule."""
    site.install("example", example(hook))
    (folder / "own" / "messages").mkdir(parents=True)
    (folder / "own" / "messages" / "ask.md").write_text("---\nsubject: A question\n---\nSome words.\n")
    (folder / "own" / "scenario.yaml").write_text(text, encoding="utf-8")
    plain = ("plain", PlainChannels())
    return Engine.load([folder / "own"], builtin=False, extra_plugins=[plain], deny=tuple(site.others))


def without(text: str, start: str) -> str:
    return text[: text.index(start)]


def test_a_condition_of_a_plugin_is_true_false_or_unknown(site: Site, tmp_path: Path) -> None:
    engine = own_rules(site, tmp_path, "followup_conditions", without(PACK, "guards:"))

    def asked(**fields: Any) -> Check:
        given = state({**INTERVIEW, **fields})
        (explained,) = engine.explain(given, time("2026-09-16T12:00"))
        (candidate,) = explained.candidates
        assert candidate.condition is not None
        return candidate.condition

    assert (asked(round=2).result, asked(round=2).actual) == ("true", "rounds: 1, last.interview.round: 2")
    assert asked(round=1).result == "false"
    assert asked().result == "unknown"
    plan = engine.plan(state(INTERVIEW), time("2026-09-16T12:00"))
    assert [question.fact for question in plan.questions] == ["last.interview.round"]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("{of: [rounds, round], at_least: 3}", "14:14: no number is named `round`; did you mean `rounds`"),
        ("{of: [rounds], at_least: x}", "14:39: `at_least` is `x`; a whole number is expected"),
        ("{of: [rounds]}", "14:14: `at_least` is missing"),
    ],
)
def test_what_is_wrong_with_a_condition_of_a_plugin_is_told_where_it_stands(
    site: Site, tmp_path: Path, written: str, told: str
) -> None:
    text = without(PACK, "guards:").replace("{of: [rounds, last.interview.round], at_least: 3}", written)
    with pytest.raises(RuleError) as caught:
        own_rules(site, tmp_path, "followup_conditions", text)
    assert told in str(caught.value)


def test_a_misspelt_kind_of_condition_is_recognised(site: Site, tmp_path: Path) -> None:
    text = without(PACK, "guards:").replace("total:", "totall:")
    with pytest.raises(RuleError, match="did you mean `total`"):
        own_rules(site, tmp_path, "followup_conditions", text)


def test_an_editor_is_told_of_a_kind_of_condition(site: Site, tmp_path: Path) -> None:
    from jsonschema import Draft7Validator

    engine = own_rules(site, tmp_path, "followup_conditions", without(PACK, "guards:"))
    whole = engine.schema("scenario")
    condition = Draft7Validator({"$ref": "#/definitions/condition", "definitions": whole["definitions"]})
    assert condition.is_valid({"total": {"of": ["rounds"], "at_least": 3}})
    assert not condition.is_valid({"total": {"of": ["rounds"]}})


def test_the_operand_of_a_guard_is_what_its_schema_says(site: Site, tmp_path: Path) -> None:
    text = PACK.replace("total: {of: [rounds, last.interview.round], at_least: 3}", "rounds: {at_least: 1}")
    engine = own_rules(site, tmp_path, "followup_guards", text)
    once = {**INTERVIEW, "id": "r0", "at": "2026-09-14T10:00Z"}
    assert engine.plan(state(INTERVIEW), time("2026-09-16T12:00")).due
    assert not engine.plan(state(once, INTERVIEW), time("2026-09-16T12:00")).due


def test_hook_followup_reviews(site: Site) -> None:
    review = load_example(site, "followup_reviews").reviews["calm"]
    context = hookspecs.ReviewContext(intent="thanks", channel="email")
    assert [finding.severity for finding in review.check(Draft("Hi", "Thank you!!"), context)] == ["warning"]
    assert review.check(Draft("Hi", "Thank you!"), context) == ()


def test_hook_followup_filters(site: Site) -> None:
    assert load_example(site, "followup_filters").filters["initials"].apply("Ana Souza") == "A.S."


def test_hook_followup_deliverers(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    board = load_example(site, "followup_deliverers").deliverers["postcard"]
    monkeypatch.setenv("POSTCARD_BOARD", str(tmp_path))
    outgoing = board.prepare(Draft("", "Thank you."), "thank-you:r1:dana", time("2026-09-16T12:00"))
    assert isinstance(board, Finder)
    assert board.find(outgoing) == ""
    seen: list[bool] = []
    receipt = board.deliver(outgoing, commit=lambda: seen.append(Path(outgoing.identity).exists()))
    assert (seen, receipt.key) == ([False], "thank-you:r1:dana")
    assert Path(receipt.identity).read_text("utf-8") == outgoing.content
    assert board.find(outgoing) == f"on the board {tmp_path}"
    with pytest.raises(NotDeliveredError):
        board.deliver(outgoing, commit=lambda: None)


def test_a_channel_that_gives_no_draft_blocks_its_follow_up_and_is_named() -> None:
    class Mute(PlainChannel):
        def compose(self, composition: Composition) -> Any:
            return "words"

    plugin = handed(followup_channels=lambda: [Mute("email", "email")])
    engine = Engine.load(plugins=False, extra_plugins=[("mute", plugin)])
    thanks = engine.plan(state(INTERVIEW), time("2026-09-15T12:00"))["thank-you:r1:dana"]
    assert thanks.status == "blocked"
    assert "the channel email cannot carry it: it gave 'words', no draft" in str(thanks.reasons)


def test_a_guard_that_gives_no_moments_is_named(tmp_path: Path) -> None:
    schema = {"type": "integer"}
    kind = GuardKind("round-limit", schema, lambda limit, facts: False)  # type: ignore[arg-type, return-value]
    guard = "{title: Enough, because: it is enough, custom: {round-limit: 1}}"
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "scenario.yaml").write_text(
        f"format: 1\nscenario: mine\ntitle: Mine\nguards:\n  so-many: {guard}\n", "utf-8"
    )
    plugin = handed(followup_guards=lambda: [kind])
    more = [("limit", plugin), ("plain", PlainChannels())]
    engine = Engine.load(folder, plugins=False, extra_plugins=more)
    with pytest.raises(PluginError, match="the guard `round-limit` gave False"):
        engine.plan(state(INTERVIEW), time("2026-09-15T12:00"))


def test_a_review_that_gives_no_findings_is_named() -> None:
    plugin = handed(followup_reviews=lambda: [Review("calm", lambda draft, context: "fine")])  # type: ignore[arg-type, return-value]
    engine = Engine.load(plugins=False, extra_plugins=[("calm", plugin), ("plain", PlainChannels())])
    with pytest.raises(PluginError, match="the review `calm` gave 'fine'"):
        engine.plan(state(INTERVIEW), time("2026-09-15T12:00"))


def test_a_deliverer_without_a_channel_is_refused_with_what_it_lacks(site: Site) -> None:
    pigeon = "class Pigeon:\n    def deliver(self, outgoing, *, commit): ...\n"
    site.install("pigeon", f"{HEAD}{pigeon}\n@hookimpl\ndef followup_deliverers():\n    return [Pigeon()]\n")
    with pytest.raises(PluginError, match="Deliverer` without `channel`, `prepare`"):
        site.load()


def test_hook_followup_stores(site: Site, tmp_path: Path) -> None:
    kind = load_example(site, "followup_stores").stores["file"]
    store = kind.open(f"file://{tmp_path}/ana")
    assert store.place == str(tmp_path / "ana")
    store.close()


def test_hook_followup_commands(site: Site) -> None:
    from click.testing import CliRunner

    page = DOCS.read_text(encoding="utf-8")
    [(path, source)] = re.findall(r'^```python title="(\S+)"\n(.*?)^```$', page, re.DOTALL | re.MULTILINE)
    site.install("postcard", files={path: source})
    command = load_example(site, "followup_commands", beside=["postcard"]).commands["postage"]
    assert isinstance(command, Command)
    assert path.replace("/", ".").removesuffix(".py") not in sys.modules
    assert CliRunner().invoke(command.load(), ["8"]).output == "3 stamps\n"


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("followup_nowhere:go", "cannot be loaded from `followup_nowhere:go`: raised ModuleNotFoundError"),
        ("followup.names:__all__", "name a click command"),
    ],
)
def test_a_command_that_is_not_where_it_should_be_is_told_when_it_is_called(target: str, said: str) -> None:
    with pytest.raises(PluginError, match=re.escape(said)):
        Command("go", target).load()


def test_a_command_says_where_it_stands_as_module_and_name(site: Site) -> None:
    error = site.error(
        f"{HEAD}@hookimpl\ndef followup_commands():\n    return [Command('go', 'followup_go.go')]\n"
    )
    assert "the command `go`: `target` is `'followup_go.go'`; write `module:name`" in error


def test_a_command_with_the_name_of_a_core_command_is_refused(site: Site) -> None:
    error = site.error(
        f"{HEAD}import click\n@hookimpl\ndef followup_commands():\n    return [click.Command('plan')]\n"
    )
    assert "followup_commands: the command `plan` is the core's own; choose another name" in error


def test_a_command_of_a_plugin_takes_states_as_the_plan_does(site: Site, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from followup.cli.options import Options

    site.install("example", example_after("## A command that looks at states"))
    command = site.load().commands["count"]
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("format: 1\n", encoding="utf-8")
    fine = str(DOCS.parent.parent / "examples" / "chicago-panel.yaml")
    now = ["--now", "2026-11-20T10:30-06:00"]
    done = CliRunner().invoke(command, [str(wrong), fine, *now], obj=Options(plugins=False))
    assert done.stdout == "Data Engineer at Initech: 0 due\n"
    assert "wrong.yaml:1" in done.stderr
