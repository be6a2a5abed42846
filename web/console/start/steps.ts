import type { Step } from '../../../server/features/overview/steps.ts'

export type StepName = Step['step']

/** In their order; each is a key of the texts `start`, and so are its name with `Hint`, `Done` and `Go`. */
const inOrder = {
  corp: 'corpHint',
  callback: 'callbackHint',
  agent: 'agentHint',
  sync: 'syncHint',
  message: 'messageHint',
  administrator: 'administratorHint',
  developer: 'developerHint',
} as const satisfies Record<StepName, string>

export const hintOf = inOrder
export const stepNames = Object.keys(inOrder) as StepName[]

/** Before a corp is connected, which is the first of them. */
export const noneDone: readonly Step[] = stepNames.map(step => ({ step, done: false }))

/** The next step to do after this one, or else the first that was left out. */
export function nextAfter(steps: readonly Step[], step: StepName): StepName | undefined {
  const place = stepNames.indexOf(step)
  const open = steps.filter(one => !one.done && one.step !== step).map(one => one.step)
  return open.find(one => stepNames.indexOf(one) > place) ?? open[0]
}
