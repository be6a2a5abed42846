import { type ReactNode, useLayoutEffect, useRef, useState } from 'react'
import './blank.css'

const drawings = {
  away: 'M3 12h4M17 12h4M7 9v6M17 9v6M10 10l4 4M14 10l-4 4',
  empty: 'M4 13l2.5-8h11L20 13v6H4zM4 13h5l1 2.5h4l1-2.5h5',
  failed: 'M12 4l9 16H3zM12 10v5M12 17.5h.01',
  locked: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3M12 14.5v2',
  missing: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L21 21M8.5 8.5l4 4M12.5 8.5l-4 4',
} as const

type Props = { kind: keyof typeof drawings; title: ReactNode; hint?: ReactNode; action?: ReactNode }

/** Stands where there is nothing to show: a small drawing, what is the case, and the way on. */
export function Blank({ kind, title, hint, action }: Props): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null)
  const [Heading, setHeading] = useState<'h1' | 'h2'>('h2')
  // In place of a whole page it is what the page is called.
  useLayoutEffect(() => {
    const first = document.querySelector('h1')
    setHeading(first === null || first === heading.current ? 'h1' : 'h2')
  }, [])
  return (
    <div
      className={`wisp-blank wisp-blank-${kind}`}
      {...(kind === 'failed' || kind === 'away' ? { role: 'alert' } : {})}
    >
      <span className="wisp-blank-drawing">
        <svg
          width="30"
          height="30"
          viewBox="0 0 24 24"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeLinecap="round"
          strokeLinejoin="round"
          aria-hidden="true"
        >
          <path d={drawings[kind]} />
        </svg>
      </span>
      {kind === 'empty' ? (
        <div className="wisp-blank-title">{title}</div>
      ) : (
        <Heading ref={heading} className="wisp-blank-title">
          {title}
        </Heading>
      )}
      {hint ? <div className="wisp-blank-hint">{hint}</div> : null}
      {action ? <div className="wisp-blank-action">{action}</div> : null}
    </div>
  )
}
