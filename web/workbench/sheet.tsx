import { type ReactNode, type SyntheticEvent, useId, useLayoutEffect, useRef } from 'react'
import { useText } from '../ui/text.ts'
import { Icon } from './icons.tsx'

type Props = {
  /** The position: in the middle, at the right edge, below a button at the top right, or at the lower edge. */
  place: 'middle' | 'right' | 'corner' | 'bottom'
  title: ReactNode
  onClose(): void
  /** Leads back to what the sheet showed before; without it there is nothing before. */
  onBack?: (() => void) | undefined
  children: ReactNode
  /** Shown beside the title. */
  actions?: ReactNode
  className?: string
  style?: Record<string, string | number>
}

/**
 * A native modal dialog: the rest of the page cannot be reached, Escape and a click outside close it, and the
 * focus returns to where it was.
 */
export function Sheet(props: Props): ReactNode {
  const t = useText('portal')
  const ref = useRef<HTMLDialogElement>(null)
  const title = useRef<HTMLHeadingElement>(null)
  const titleId = useId()
  const hasBack = props.onBack !== undefined
  useLayoutEffect(() => {
    const dialog = ref.current
    const before = document.activeElement
    dialog?.showModal()
    return () => {
      dialog?.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  // What was pressed is gone when the sheet shows something else.
  useLayoutEffect(() => title.current?.focus(), [hasBack])
  const cancel = (event: SyntheticEvent) => {
    event.preventDefault()
    props.onClose()
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does for the keyboard what a click outside does.
    <dialog
      ref={ref}
      className={`wb-sheet wb-${props.place} ${props.className ?? ''}`}
      style={props.style}
      aria-modal="true"
      aria-labelledby={titleId}
      onCancel={cancel}
      onClick={event => {
        if (event.target === ref.current) props.onClose()
      }}
    >
      <div className="wb-sheet-body">
        <header className="wb-sheet-head">
          {props.onBack ? (
            <button type="button" className="wb-plain" aria-label={t('back')} onClick={props.onBack}>
              <Icon name="back" />
            </button>
          ) : null}
          <h2 ref={title} id={titleId} tabIndex={-1}>
            {props.title}
          </h2>
          {props.actions}
          <button type="button" className="wb-plain" aria-label={t('close')} onClick={props.onClose}>
            <Icon name="close" />
          </button>
        </header>
        {props.children}
      </div>
    </dialog>
  )
}
