import type { OpenedApp } from '../data.ts'

export type OpenFrame = { opened: OpenedApp; element: HTMLIFrameElement }

/** The frames of the opened apps, from which messages are accepted. */
export type Frames = {
  set(opened: OpenedApp, element: HTMLIFrameElement): void
  remove(element: HTMLIFrameElement): void
  all(): OpenFrame[]
}

export function createFrames(): Frames {
  const open = new Map<HTMLIFrameElement, OpenedApp>()
  return {
    set: (opened, element) => void open.set(element, opened),
    remove: element => void open.delete(element),
    all: () => [...open].map(([element, opened]) => ({ element, opened })),
  }
}
