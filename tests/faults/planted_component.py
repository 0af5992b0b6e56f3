"""Planted bugs in the component that programs in other languages declare."""

from __future__ import annotations

from tests.faults.mutant import Mutant

COMPONENT: tuple[Mutant, ...] = (
    Mutant(
        "an option that no number heeds is taken without a word",
        "refused before the first write",
        "stacks/component.py",
        "    for word in given:\n",
        "    for word in given[:0]:\n",
        "component",
    ),
    Mutant(
        "hooks of a Fleet are taken without a word",
        "refused before the first write",
        "stacks/component.py",
        "any(vars(opts.hooks).values())",
        "False",
        "component",
    ),
    Mutant(
        "the component has the name that the program gives it",
        "a line keeps its entry in the state",
        "stacks/component.py",
        "super().__init__(TYPE, NAME, ",
        "super().__init__(TYPE, name, ",
        "component",
    ),
    Mutant(
        "its resources stand under no stack",
        "a line keeps its entry in the state",
        "stacks/component.py",
        'DependencyResource(_urn("pulumi:pulumi:Stack", f"{pulumi.get_project()}-{pulumi.get_stack()}"))',
        'DependencyResource("")',
        "component",
    ),
    Mutant(
        "a destroy that is refused has taken the component's outputs",
        "what the gate needs outlives a refusal",
        "stacks/component.py",
        "after = [DependencyResource(_urn(TYPE, NAME))]",
        "after: list[DependencyResource] = []",
        "component",
    ),
    Mutant(
        "the gate forgets the component's last lines",
        "nothing is bought twice",
        "stacks/component.py",
        "    if known is None or isinstance(known, Unknown):\n",
        "    if True:\n",
        "component",
    ),
    Mutant(
        "the gate forgets the lines of the program that the component takes over from",
        "nothing is bought twice",
        "stacks/component.py",
        "known = await stack_s.future()",
        "known = {}",
        "component",
    ),
    Mutant(
        "a Fleet has another file than the commands read",
        "refused before the first write",
        "stacks/component.py",
        "if os.path.realpath(Path(root, inventory)) != os.path.realpath(Path(root, file)):",
        "if not Path(root, inventory):",
        "component",
    ),
)
