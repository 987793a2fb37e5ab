"""The longest run that two rows of words share, in time that grows with their length alone. Pure; it knows no words."""

from collections.abc import Sequence


def longest_shared(ours: Sequence[str], theirs: Sequence[str]) -> tuple[int, int]:
    """Return where the longest shared run first begins in the second row, and how many words it has.

    By a suffix automaton of the first row (Blumer and others, 1985).
    """
    steps, shorter, longest = _automaton(ours)
    state = length = best = at = 0
    for index, word in enumerate(theirs):
        while state and word not in steps[state]:
            state = shorter[state]
            length = longest[state]
        if word in steps[state]:
            state, length = steps[state][word], length + 1
        if length > best:
            best, at = length, index + 1 - length
    return at, best


def _automaton(words: Sequence[str]) -> tuple[list[dict[str, int]], list[int], list[int]]:
    """Return the steps from each state, the state of its longest other ending, and its longest run."""
    steps: list[dict[str, int]] = [{}]
    shorter, longest = [-1], [0]
    last = 0
    for word in words:
        state = len(steps)
        steps.append({})
        shorter.append(0)
        longest.append(longest[last] + 1)
        at, last = last, state
        while at >= 0 and word not in steps[at]:
            steps[at][word] = state
            at = shorter[at]
        if at < 0:
            continue
        there = steps[at][word]
        if longest[there] != longest[at] + 1:
            twin = len(steps)
            steps.append(dict(steps[there]))
            shorter.append(shorter[there])
            longest.append(longest[at] + 1)
            shorter[there] = twin
            while at >= 0 and steps[at].get(word) == there:
                steps[at][word] = twin
                at = shorter[at]
            there = twin
        shorter[state] = there
    return steps, shorter, longest
