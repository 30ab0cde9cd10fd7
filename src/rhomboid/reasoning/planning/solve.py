"""The choice itself: a small mixed-integer program, solved to proven optimality by HiGHS.

Maximize the benefit on the person's own needs. Each need (a contributing factor, a pattern's template) has a weight;
what serves it counts with diminishing returns, the first unit most. Every limit is a row. The same input gives the same
choice: one thread, a fixed seed, and a tiny price that falls with the item's rank breaks ties.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

RANK_PRICE = 1e-5
MINUTE_PRICE = 1e-3
"""Of two equally good programs the shorter one is chosen."""


class NotOptimal(RuntimeError):
    """HiGHS stopped without a proof of optimality; that is a defect, not a user's mistake."""


@dataclass(frozen=True, slots=True)
class Option:
    """Something that may be chosen: what it gives to each need, what it uses of each limit, and a bonus of its own."""

    id: str
    serves: Mapping[str, float]
    uses: Mapping[str, float]
    minutes: float = 0.0
    forced: bool = False
    bonus: float = 0.0


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen ids in the order of the options, the objective, and the limits on which the choice rests (no room left)."""

    chosen: tuple[str, ...]
    value: float
    tight: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Options, the weight of each need, the most of each limit, and the returns of the first, second ... unit of help."""

    options: Sequence[Option]
    needs: Mapping[str, float]
    limits: Mapping[str, float]
    returns: Sequence[float]


def solve(problem: Problem) -> Choice | None:
    """The best choice, proven optimal; None when the forced options break a limit."""
    if not problem.options:
        return Choice((), 0.0)
    model = _Model(problem)
    solver = _solver()
    solver.passModel(model.lp)
    solver.run()
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return None
    if status != highspy.HighsModelStatus.kOptimal:
        raise NotOptimal(f"HiGHS ended with {solver.modelStatusToString(status)}")
    values = solver.getSolution().col_value
    chosen = [option for place, option in enumerate(problem.options) if values[place] > 0.5]
    used = {name: sum(option.uses.get(name, 0.0) for option in chosen) for name in problem.limits}
    smallest = {name: min((o.uses[name] for o in problem.options if o.uses.get(name)), default=0.0) for name in problem.limits}
    tight = tuple(name for name, most in problem.limits.items() if used[name] + smallest[name] > most + 1e-9)
    return Choice(tuple(option.id for option in chosen), -solver.getObjectiveValue(), tight)


def to_relax(problem: Problem) -> dict[str, float]:
    """For forced options that break limits: each broken limit with the least it would have to be."""
    forced = [option for option in problem.options if option.forced]
    needed = {name: sum(option.uses.get(name, 0.0) for option in forced) for name in problem.limits}
    return {name: need for name, need in needed.items() if need > problem.limits[name] + 1e-9}


OPTIONS: Mapping[str, bool | int | float | str] = {
    "output_flag": False,
    "log_to_console": False,
    "threads": 1,
    "parallel": "off",
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 1e-9,
    # Programs of some twenty choices are solved at the root: looking for good solutions first takes longer than the proof.
    "mip_heuristic_effort": 0.0,
    "mip_detect_symmetry": False,
    "mip_heuristic_run_feasibility_jump": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_root_reduced_cost": False,
}


def _solver() -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in OPTIONS.items():
        solver.setOptionValue(name, value)
    return solver


class _Model:
    """Columns: one binary for each option, then one unit of help for each need and each step of the returns."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.steps = [(need, step) for need in problem.needs for step in range(len(problem.returns))]
        self.lp = self.build()

    def build(self) -> highspy.HighsLp:
        problem, lp = self.problem, highspy.HighsLp()
        options, steps = problem.options, self.steps
        lp.num_col_ = len(options) + len(steps)
        prices = [MINUTE_PRICE * option.minutes + RANK_PRICE * place - option.bonus for place, option in enumerate(options)]
        gains = [-problem.needs[need] * problem.returns[step] for need, step in steps]
        lp.col_cost_ = np.array(prices + gains)
        lp.col_lower_ = np.array([float(option.forced) for option in options] + [0.0] * len(steps))
        lp.col_upper_ = np.ones(lp.num_col_)
        lp.integrality_ = [highspy.HighsVarType.kInteger] * len(options) + [highspy.HighsVarType.kContinuous] * len(steps)
        rows = [*self.need_rows(), *self.limit_rows()]
        lp.num_row_ = len(rows)
        lp.row_lower_ = np.full(len(rows), -highspy.kHighsInf)
        lp.row_upper_ = np.array([most for most, _ in rows])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.cumsum([0, *(len(entries) for _, entries in rows)])
        lp.a_matrix_.index_ = np.array([column for _, entries in rows for column, _ in entries])
        lp.a_matrix_.value_ = np.array([value for _, entries in rows for _, value in entries])
        return lp

    def need_rows(self) -> list[tuple[float, list[tuple[int, float]]]]:
        """The help counted for a need is at most the help chosen for it."""
        rows = []
        for need in self.problem.needs:
            counted = [(len(self.problem.options) + place, 1.0) for place, (name, _) in enumerate(self.steps) if name == need]
            given = [(place, -option.serves[need]) for place, option in enumerate(self.problem.options) if option.serves.get(need)]
            rows.append((0.0, given + counted))
        return rows

    def limit_rows(self) -> list[tuple[float, list[tuple[int, float]]]]:
        return [
            (most, [(place, option.uses[name]) for place, option in enumerate(self.problem.options) if option.uses.get(name)])
            for name, most in self.problem.limits.items()
        ]
