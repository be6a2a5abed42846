import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react'
import { api, CallError } from '../../ui/data/api.ts'
import type { Frames } from '../apps/frames.ts'
import type { OpenedApp } from '../data.ts'
import { PopupDialog, type ShownPopup } from './popup-dialog.tsx'
import { type Answer, createPopupHost, type TrustedWindow } from './popup-host.ts'
import type { PopupCall } from './popup-rules.ts'

const PickerDialog = lazy(() => import('./picker-dialog.tsx').then(file => ({ default: file.PickerDialog })))

type OpenPicker = { n: number; ask: PopupCall; answer: Answer }

type Props = {
  frames: Frames
  /** Only the visible app may open a dialog. */
  activeId: string | undefined
  isPhone: boolean
}

/** The dialogs that pages of opened apps request. */
export function Popups({ frames, activeId, isPhone }: Props): ReactNode {
  const [popup, setPopup] = useState<ShownPopup>()
  const [picking, setPicking] = useState<OpenPicker>()
  const embedded = useRef<HTMLIFrameElement>(null)
  // The listener is added once but needs the current state.
  const now = useRef({ popup, picking, activeId })
  now.current = { popup, picking, activeId }
  useEffect(() => {
    let n = 0
    const hear = createPopupHost<OpenedApp>({
      frames: () => frames.all().map(({ element, opened }) => heard(element, opened)),
      dialog: () =>
        now.current.popup && embedded.current ? heard(embedded.current, now.current.popup.opened) : undefined,
      onPopup(opened, request) {
        const isForeign = !opened.origins.includes(new URL(request.url).origin)
        if (opened.id !== now.current.activeId || (isForeign && opened.popupsLimited)) return
        setPopup({ n: ++n, opened, request, isForeign })
      },
      onClose(opened) {
        if (now.current.popup?.opened.id === opened.id) setPopup(undefined)
      },
      onAsk(opened, ask, answer) {
        if (ask.act === 'ticket') return void giveTicket(opened, answer)
        if (opened.id !== now.current.activeId || now.current.picking)
          return answer({
            ok: false,
            code: 'busy',
            message: 'another dialog is open, or the app is not shown',
          })
        const next = { n: ++n, ask, answer }
        now.current.picking = next
        setPicking(next)
      },
      nextFrame: run => requestAnimationFrame(run),
    })
    const listen = ({ data, origin, source }: MessageEvent) => hear({ data, origin, source })
    addEventListener('message', listen)
    return () => removeEventListener('message', listen)
  }, [frames])
  // The dialog closes when its app is closed or another tab is shown.
  useEffect(() => {
    if (now.current.popup && now.current.popup.opened.id !== activeId) setPopup(undefined)
  }, [activeId])
  const picked = (value: unknown) => {
    picking?.answer({ ok: true, value })
    setPicking(undefined)
  }
  return (
    <>
      {popup ? (
        <PopupDialog
          key={popup.n}
          popup={popup}
          frame={embedded}
          isPhone={isPhone}
          onClose={() => setPopup(undefined)}
        />
      ) : null}
      {picking ? (
        <Suspense fallback={null}>
          <PickerDialog key={picking.n} ask={picking.ask} isPhone={isPhone} onDone={picked} />
        </Suspense>
      ) : null}
    </>
  )
}

function heard(element: HTMLIFrameElement, opened: OpenedApp): TrustedWindow<OpenedApp> {
  return { source: element.contentWindow, app: opened, origins: opened.origins }
}

async function giveTicket(opened: OpenedApp, answer: Answer): Promise<void> {
  try {
    const { jessionId } = await api.post('/web/portal/ticket', { appId: opened.id })
    answer({ ok: true, value: jessionId })
  } catch (error) {
    const message = error instanceof CallError ? error.message : ''
    answer({ ok: false, code: 'refused', message })
  }
}
