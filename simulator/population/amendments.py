"""Turns the cast of the small stories into changes of record: what the office corrects, cancels, splits or renames."""

import numpy as np
import polars as pl

from simulator.population import stories
from simulator.population.changes import hand_over
from simulator.population.details import far_register, maiden_names, own_given
from simulator.population.foreign import alias_texts, draw_aliases
from simulator.population.identity import Identity, name_columns
from simulator.population.ledger import NOWHERE, Aside
from simulator.population.pool import NONE, kind_number, pool, relationship_number
from simulator.population.rates import ADULT
from simulator.population.scene import Scene
from simulator.population.spec import BLOCK_NUMBERS
from simulator.schema.record import RESIDENCE_STATUSES
from simulator.streams import Ints
from simulator.world.elsewhere import PLACES
from simulator.world.given_names import given_names
from simulator.world.residence import period_table, status
from simulator.world.surnames import surnames

NEW_NUMBERS = BLOCK_NUMBERS * 7 // 8  # codes that replace others are numbered from here
NEW_CARDS = 5 * 10**9
ASSUMED_RESTORED = 0.25  # of those removed ex officio, so many turn up
ASSUMED_UPGRADE = 0.15  # of renewals, so many go with another status
CANCEL_WITHIN, UNDO_WITHIN, RESTORE_WITHIN = 10, 20, 90
GROWN = 20
JUDGEMENT_NOTICE_DAYS = 10  # Source: 戸籍法63条, 94条
_OFFICE = Aside(basis="職権")


def play(scene: Scene) -> None:
    """Note the changes of all small stories."""
    for story in (_cancel, _undo, _erase, _split, _merge, _new_head, _correct, _rename, _former_name, _transfer):
        story(scene)
    _recode(scene)
    _remake(scene)
    _naturalise(scene)
    _new_alias(scene)
    _renew(scene)
    _adopt(scene)
    _part_again(scene)
    _declare_missing(scene)


def _cancel(scene: Scene) -> None:
    """A move out is announced and cancelled before its day."""
    households = scene.cast.households(stories.CANCELLED)
    members, at = scene.members(households)
    notices = scene.days.notices(scene.stream, "cancel_notice", len(households), seasonal=True)
    cancelled = scene.days.later(notices + 1 + scene.stream.below("cancel_day", len(notices), CANCEL_WITHIN))
    can = (cancelled != NOWHERE)[at]
    members, at = members[can], at[can]
    planned = np.minimum(cancelled + 1, scene.days.last)[at]
    to = scene.stream.below("cancel_to", len(households), PLACES)[at]
    home, address = scene.home(members)
    where = (home, NOWHERE, address, NOWHERE)
    changes = scene.ledger.note("転出", members, (planned, notices[at]), where, Aside(elsewhere=to))
    back = (NOWHERE, home, NOWHERE, address)
    scene.ledger.note("転出取消", members, (cancelled[at],) * 2, back, Aside(cancels=changes))


def _undo(scene: Scene) -> None:
    """A move within was entered by mistake and is cancelled."""
    households = scene.cast.households(stories.UNDONE)
    members, at = scene.members(households)
    notices = scene.notices("undone", len(households))
    undone = scene.days.later(notices + 1 + scene.stream.below("undone_day", len(notices), UNDO_WITHIN))
    new = scene.ledger.addresses(len(households))
    can = (undone != NOWHERE)[at]
    members, at = members[can], at[can]
    home, address = scene.home(members)
    changes = scene.ledger.note("転居", members, (notices[at],) * 2, (home, home, address, new[at]))
    back = (home, home, new[at], address)
    scene.ledger.note("異動取消", members, (undone[at],) * 2, back, Aside(cancels=changes, basis="職権"))


def _erase(scene: Scene) -> None:
    """Someone is found not to live there and is removed ex officio; some turn up and are restored."""
    members = scene.people.first[scene.cast.households(stories.ERASED)]
    notices = scene.notices("erased", len(members))
    home, address = scene.home(members)
    scene.ledger.note("職権消除", members, (notices, notices), (home, NOWHERE, address, NOWHERE), _OFFICE)
    later = scene.days.later(notices + 7 + scene.stream.below("restored_day", len(members), RESTORE_WITHIN))
    back = np.flatnonzero((later != NOWHERE) & scene.stream.chance("restored", len(members), ASSUMED_RESTORED))
    where = (NOWHERE, home[back], NOWHERE, address[back])
    scene.ledger.note("職権回復", members[back], (later[back],) * 2, where, _OFFICE)


def _split(scene: Scene) -> None:
    """The head's father or mother, or a grown child, keeps house for themselves, at the same address."""
    households = scene.cast.households(stories.SPLIT)
    members, at = scene.members(households)
    source = scene.people.source[members]
    word, spouse = pool().relationship[source], pool().spouse[source]
    old = np.isin(word, [relationship_number("父"), relationship_number("母")])
    small = pool().kind[scene.people.composition[households]][at] != kind_number("three_generations")
    grown = small & (word == relationship_number("子")) & (pool().age[source] >= GROWN)
    fits = (old | grown) & (spouse == NONE)
    members, at = members[fits], at[fits]
    one = np.concatenate([[True], at[1:] != at[:-1]]) if len(at) else np.zeros(0, dtype=np.bool_)
    members, notices = members[one], scene.notices("split", len(households))[at[one]]
    home, address = scene.home(members)
    new = scene.ledger.households(members, "single", address)
    changes = scene.ledger.note("世帯分離", members, (notices, notices), (home, new, address, address))
    scene.relationships(changes, (word[fits][one], np.full(len(members), relationship_number("世帯主"))), notices)


def _merge(scene: Scene) -> None:
    """A grown child who keeps house alone at the parents' address joins their household."""
    households = scene.cast.households(stories.MERGED)
    to = scene.parents_home[households]
    calm = (to >= 0) & (scene.cast.story[np.maximum(to, 0)] == 0)
    households, to = households[calm], to[calm]
    members = scene.people.first[households]
    notices = scene.notices("merged", len(calm))[calm]
    home, address = scene.home(members)
    changes = scene.ledger.note("世帯合併", members, (notices, notices), (home, to, address, address))
    head = np.full(len(members), relationship_number("世帯主"))
    scene.relationships(changes, (head, np.full(len(members), relationship_number("子"))), notices)


def _new_head(scene: Scene) -> None:
    """An old head hands over: to the spouse, or to the next in the house."""
    households = scene.cast.households(stories.NEW_HEAD)
    head = scene.people.first[households]
    adult = pool().age[scene.people.source[head + 1]] >= 20  # noqa: PLR2004 - the next may be a grandchild
    notices = scene.notices("new_head", len(households))
    hand_over(scene, head[adult] + 1, (notices[adult], notices[adult]))


def _correct(scene: Scene) -> None:
    """The office finds the lot of the family register wrongly entered: digits change places."""
    members = _heads(scene, stories.CORRECTED)
    notices = scene.notices("corrected", len(members))
    changes = scene.stay("職権修正", members, (notices, notices), _OFFICE)
    wrong = scene.columns["registry_lot"][members].cast(pl.Int64)
    right = (wrong // 100) * 100 + wrong % 10 * 10 + wrong // 10 % 10
    texts = wrong.cast(pl.String), pl.Series(right).clip(1).cast(pl.String)
    scene.item(changes, "registry_lot", texts, scene.since(members))


def _heads(scene: Scene, story: int, *, japanese: bool = True) -> Ints:
    """The heads of the households of `story` that are Japanese, or foreign."""
    heads = scene.people.first[scene.cast.households(story)]
    found: Ints = heads[scene.japanese(heads) == japanese]
    return found


def _rename(scene: Scene) -> None:
    """A court allows another given name."""
    members = _heads(scene, stories.RENAMED)
    notices = scene.notices("renamed", len(members))
    changes = scene.stay("氏名変更", members, (notices, notices))
    male = pool().male[scene.people.source[members]]
    years = scene.people.birth[members].astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    new = given_names().draw(scene.stream, "renamed_given", male, years)
    scene.given(changes, (scene.identity.given[members], new), notices)


def _former_name(scene: Scene) -> None:
    """A wife has her former surname shown."""
    heads = _heads(scene, stories.FORMER_NAME)
    members = np.where(pool().male[scene.people.source[heads]], heads + 1, heads)
    notices = scene.notices("former_name", len(members))
    changes = scene.stay("旧氏記載", members, (notices, notices))
    names, rows = surnames()[0].names, maiden_names(scene.stream, scene.people)[members]
    for item, column in (("former_name", "name"), ("former_kana", "kana")):
        before = scene.columns[item][members]
        scene.item(changes, item, (before, names[column][rows]), notices)


def _transfer(scene: Scene) -> None:
    """A family moves its register (転籍)."""
    heads = _heads(scene, stories.TRANSFERRED)
    households = scene.people.home[heads]
    members, at = scene.members(households)
    own = scene.columns["registry_given"][members] == scene.columns["registry_given"][heads[at]]
    same = own & (scene.columns["registry_lot"][members] == scene.columns["registry_lot"][heads[at]])
    rows = np.flatnonzero(same.fill_null(value=False).to_numpy())
    notices = scene.notices("transferred", len(heads))[at[rows]]
    changes = scene.stay("転籍", members[rows], (notices, notices))
    scene.register(changes, members[rows], far_register(scene.stream, "transfer", len(heads))[at[rows]], notices)


def _recode(scene: Scene) -> None:
    """Resident codes and My Numbers are changed on request."""
    start = 0
    for story, reason, item, emit in (
        (stories.RECODED, "住民票コード変更", "resident_code", scene.emitter.resident_codes),
        (stories.RENUMBERED, "個人番号変更", "my_number", scene.emitter.my_numbers),
    ):
        members = scene.people.first[scene.cast.households(story)]
        notices = scene.notices(item, len(members))
        changes = scene.stay(reason, members, (notices, notices))
        new = np.arange(start, start + len(members)).astype(np.uint64) + np.uint64(scene.first_number + NEW_NUMBERS)
        old = members.astype(np.uint64) + np.uint64(scene.first_number)
        scene.item(changes, item, (emit(old), emit(new)), notices)
        start += len(members)


def _remake(scene: Scene) -> None:
    """A record is copied anew (改製); the old copy is kept among the removed ones."""
    members = scene.people.first[scene.cast.households(stories.REMADE)]
    notices = scene.notices("remade", len(members))
    scene.stay("改製", members, (notices, notices), _OFFICE)


def _naturalise(scene: Scene) -> None:
    """A foreigner becomes Japanese: another name, a family register, no status."""
    members = _heads(scene, stories.NATURALISED, japanese=False)
    notices = scene.notices("naturalised", len(members))
    changes = scene.stay("帰化", members, (notices, notices), Aside(basis="通知"))
    family = scene.stream.pick("naturalised_family", len(scene.people.composition), surnames()[1])
    years = scene.people.birth[members].astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    male = pool().male[scene.people.source[members]]
    given = given_names().draw(scene.stream, "naturalised_given", male, years)
    new = name_columns(Identity(family[scene.people.home[members]], given, np.zeros(len(members), dtype=np.int64)))
    old = scene.columns[members]
    for item in ("family_name", "family_kana", "given_name", "given_kana", "nationality"):
        scene.item(changes, item, (old[item], new[item]), notices)
    register = far_register(scene.stream, "naturalised_register", len(members)).hstack([own_given(given)])
    scene.register(changes, members, register, notices)
    gone = scene.statuses[np.searchsorted(scene.foreign.rows, members)]
    nothing = pl.Series([None] * len(members), dtype=pl.String)
    for item in ("residence_status", "period", "expires_on", "card_no", "alias", "alias_kana"):
        scene.item(changes, item, (gone[item].cast(pl.String), nothing), notices)
    scene.ledger.aliases.append((members, notices, pl.DataFrame({"alias": nothing, "alias_kana": nothing})))


def _new_alias(scene: Scene) -> None:
    """A foreigner has a Japanese name recorded, or another one."""
    members = _heads(scene, stories.ALIAS, japanese=False)
    rows = np.searchsorted(scene.foreign.rows, members)
    notices = scene.notices("alias", len(members))
    changes = scene.stay("通称記載", members, (notices, notices))
    old = scene.statuses[rows]
    aliases = draw_aliases(scene.party, scene.foreign, "new_alias", everyone=True)
    new = alias_texts(aliases)[rows]
    for item in ("alias", "alias_kana"):
        scene.item(changes, item, (old[item], new[item]), notices)
    other = old["alias"].ne_missing(new["alias"]).to_numpy()
    scene.ledger.aliases.append((members[other], notices[other], new.filter(pl.Series(other))))


def _renew(scene: Scene) -> None:
    """Statuses whose period ends in the window are renewed before, some as another status (在留情報更新)."""
    foreign, days = scene.foreign, scene.days
    calm = scene.cast.story[scene.people.home[foreign.rows]] == 0
    told = days.earlier(foreign.expires - 3)
    due = np.flatnonzero(calm & (foreign.expires >= 0) & (foreign.expires <= days.last) & (told != NOWHERE))
    members, notices, old = foreign.rows[due], told[due], scene.statuses[due]
    changes = scene.stay("在留情報更新", members, (notices, notices), Aside(basis="通知"))
    upgrade = scene.stream.chance("upgrade", len(scene.people.home), ASSUMED_UPGRADE)[members]
    student = foreign.status[due] == status("留学")
    held = np.where(upgrade & student, status("技術・人文知識・国際業務"), foreign.status[due])
    choices, months, names = period_table()
    period = choices[held, 1]
    until = foreign.expires[due].astype("datetime64[D]").astype("datetime64[M]") + months[period].astype(
        "timedelta64[M]"
    )
    new = {
        "residence_status": pl.Series(RESIDENCE_STATUSES.categories.to_list())[held],
        "period": pl.Series(names)[period],
        "expires_on": pl.Series(until.astype("datetime64[D]")).cast(pl.String),
        "card_no": scene.emitter.card_numbers(members.astype(np.uint64) + np.uint64(scene.first_number + NEW_CARDS)),
    }  # fmt: skip
    for item, after in new.items():
        scene.item(changes, item, (old[item].cast(pl.String), after), notices)


def _adopt(scene: Scene) -> None:
    """An adult takes an adopter's surname and register; a head adopts the first minor grandchild of the house."""
    households = scene.cast.households(stories.ADOPTED)
    notices = scene.notices("adopted", len(households))
    alone = scene.people.size[households] == 1
    members = scene.people.first[households[alone]]
    fits = scene.japanese(members)
    _take_name(scene, "養子縁組", "adopter", (members[fits], notices[alone][fits]))
    members, at = scene.members(households[~alone])
    young = pool().age[scene.people.source[members]] < ADULT
    word = pool().relationship[scene.people.source[members]] == relationship_number("子の子")
    rows = np.flatnonzero(young & word & scene.japanese(members))
    rows = rows[np.unique(at[rows], return_index=True)[1]]
    children, days = members[rows], notices[~alone][at[rows]]
    changes = scene.stay("養子縁組", children, (days, days))
    words = (np.full(len(rows), relationship_number(name)) for name in ("子の子", "子"))
    scene.relationships(changes, (next(words), next(words)), days)
    head = scene.columns[scene.people.first[scene.people.home[children]]]
    scene.register(changes, children, head.select("registry_town", "registry_lot", "registry_given"), days)


def _part_again(scene: Scene) -> None:
    """An adoption of long ago is dissolved (離縁): the surname before it, and a register elsewhere."""
    members = _heads(scene, stories.UNADOPTED)
    _take_name(scene, "離縁", "before_adoption", (members, scene.notices("unadopted", len(members))))


def _take_name(scene: Scene, reason: str, column: str, who: tuple[Ints, Ints]) -> None:
    """Note that members, on their days, take another surname and enter another register."""
    members, notices = who
    changes = scene.stay(reason, members, (notices, notices))
    new = scene.stream.pick(f"{column}_family", len(scene.people.home), surnames()[1])[members]
    scene.surname(changes, (scene.identity.family[members], new), notices)
    years = scene.people.birth[members].astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    first = given_names().draw(scene.stream, f"{column}_given", np.ones(len(members), dtype=np.bool_), years - 30)
    register = far_register(scene.stream, f"{column}_register", len(members)).hstack([own_given(first)])
    scene.register(changes, members, register, notices)


def _declare_missing(scene: Scene) -> None:
    """A court has declared somebody who lived alone missing (失踪宣告): the record is removed as at a death."""
    members = _heads(scene, stories.MISSING)
    notices = scene.notices("missing", len(members))
    happened = scene.days.before(scene.stream, "missing_day", notices, JUDGEMENT_NOTICE_DAYS)
    home, address = scene.home(members)
    scene.ledger.note("失踪宣告", members, (happened, notices), (home, NOWHERE, address, NOWHERE))
