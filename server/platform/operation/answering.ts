/** Who does not answer anybody, as this node sees it. */
export type Silence = { since: Date; attempts: number; nextAt: Date; why: string }

/**
 * Whether an upstream answers at all, as this node sees it. What nobody waits for asks here for room before it begins, so that an
 * upstream that is away is found out by one question from time to time, and not by the work of a thousand corps.
 */
export type UpstreamHealth = {
  /** An answer came, whatever it said. */
  heard(name: string): void
  /** No answer came to a call for `who`. */
  missed(name: string, who: string, why: string): void
  /** How many pieces of work may be under way at once, of `atMost`; 0 while the upstream is away. */
  room(name: string, atMost: number): number
  /** Undefined while it answers. */
  silence(name: string): Silence | undefined
  /** The one question was answered (without `why`) or not. */
  tried(name: string, why: string | undefined): void
  /** Makes the question due now: somebody waits for it. */
  hasten(): void
  /** Sets the single listener, which is told when an upstream falls silent, is asked in vain, or answers again. */
  follow(listener: (name: string, silence: Silence | undefined) => void): void
}

type State = {
  heardAt: number
  /** Who got no answer since the last one came. */
  without: Set<string>
  missedAt: number
  silence: Silence | undefined
  /** Tries so far, until a real call is answered; the question alone proves little. */
  attempts: number
  /** Since when no real call is answered. */
  since: Date | undefined
  /** Since when there is room again, a little more with each step. */
  backAt: number
}

/** That a single corp gets no answer may be its own trouble. */
const corpsAtLeast = 2
const delays = { first: 5000, longest: 60_000 }
const doublingsAtMost = 16
/** An answer of before says nothing about now. */
const freshMs = 60_000
const firstRoom = 2
const stepMs = 10_000

export function createAnswering(now: () => number): UpstreamHealth {
  const states = new Map<string, State>()
  let tell: (name: string, silence: Silence | undefined) => void = () => {}
  const of = (name: string) =>
    states.getOrInsertComputed(name, () => ({
      heardAt: Number.NEGATIVE_INFINITY,
      without: new Set(),
      missedAt: Number.NEGATIVE_INFINITY,
      silence: undefined,
      attempts: 0,
      since: undefined,
      backAt: Number.NEGATIVE_INFINITY,
    }))

  /** Between half and all of a time that doubles, so that the nodes do not ask at once. */
  function beSilent(name: string, state: State, why: string) {
    const full = Math.min(delays.first * 2 ** Math.min(state.attempts++, doublingsAtMost), delays.longest)
    const waitMs = full * (0.5 + Math.random() / 2)
    state.since ??= new Date(state.missedAt)
    state.silence = { since: state.since, attempts: state.attempts, nextAt: new Date(now() + waitMs), why }
    state.heardAt = Number.NEGATIVE_INFINITY
    tell(name, state.silence)
  }

  function endSilence(name: string, state: State) {
    state.without.clear()
    if (!state.silence) return
    state.silence = undefined
    tell(name, undefined)
  }

  return {
    heard(name) {
      const state = of(name)
      if (state.silence || state.attempts > 0) state.backAt = now()
      state.heardAt = now()
      state.attempts = 0
      state.since = undefined
      endSilence(name, state)
    },
    missed(name, who, why) {
      const state = of(name)
      if (state.without.size === 0) state.missedAt = now()
      if (state.without.size < corpsAtLeast) state.without.add(who)
      if (state.silence) state.silence.why = why
      // After the question was answered and the next call was not, one corp is enough.
      else if (state.without.size >= corpsAtLeast || state.attempts > 0) beSilent(name, state, why)
    },
    room(name, atMost) {
      const { silence, heardAt, backAt } = of(name)
      if (silence) return 0
      if (now() - heardAt > freshMs) return Math.min(atMost, firstRoom)
      const steps = Math.max(0, Math.min(Math.floor((now() - backAt) / stepMs), 16))
      return Math.min(atMost, firstRoom * 2 ** steps)
    },
    silence: name => states.get(name)?.silence,
    tried(name, why) {
      const state = of(name)
      if (!state.silence) return
      if (why === undefined) endSilence(name, state)
      else beSilent(name, state, why)
    },
    follow(listener) {
      tell = listener
    },
    hasten() {
      for (const { silence } of states.values())
        if (silence) silence.nextAt = new Date(Math.min(silence.nextAt.getTime(), now()))
    },
  }
}
