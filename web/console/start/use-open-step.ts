import { type RefObject, useEffect, useRef, useState } from 'react'
import type { Step } from '../../../server/features/overview/steps.ts'
import { useUrlState } from '../../ui/address/url-state.ts'
import { nextAfter, type StepName, stepNames } from './steps.ts'

type OpenStep = {
  open: StepName | undefined
  /** A form that was opened stays, so that looking at another step loses nothing that was typed. */
  isKept(step: StepName): boolean
  choose(step: StepName | undefined): void
  list: RefObject<HTMLOListElement | null>
}

/** The step whose form is open: at first that of the address, or the first to do, and after each that gets done the next. */
export function useOpenStep(steps: readonly Step[]): OpenStep {
  const [values] = useUrlState()
  const [open, setOpen] = useState(
    () => stepNames.find(one => one === values['step']) ?? steps.find(one => !one.done)?.step,
  )
  const [opened, setOpened] = useState<ReadonlySet<StepName | undefined>>(() => new Set([open]))
  const list = useRef<HTMLOListElement>(null)
  const choose = (step: StepName | undefined) => {
    setOpen(step)
    setOpened(before => new Set([...before, step]))
  }
  const isDone = (step: StepName | undefined) => steps.some(one => one.step === step && one.done)
  const seen = useRef({ open, isDone: isDone(open) })
  useEffect(() => {
    const before = seen.current
    seen.current = { open, isDone: isDone(open) }
    if (open === undefined || before.open !== open || before.isDone || !isDone(open)) return
    // What WeCom answered to the first message stays to be read.
    if (open === 'message') return
    choose(nextAfter(steps, open))
    holdFocus(list.current, nextAfter(steps, open))
  })
  return { open, choose, list, isKept: step => opened.has(step) && !isDone(step) }
}

/** The button that had the focus goes with its form; the focus of who works elsewhere on the page stays. */
function holdFocus(list: HTMLElement | null, next: StepName | undefined): void {
  const { activeElement } = document
  if (!list || (activeElement !== document.body && !list.contains(activeElement))) return
  list.querySelector<HTMLElement>(`[data-step="${next}"]`)?.focus()
}
