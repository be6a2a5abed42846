import { type ReactNode, useEffect, useRef } from 'react'
import './forms.css'

/** Fields that have a good standard, folded away. It opens by itself when one of them turns out to be wrong. */
export function Fold(props: { summary: string; children: ReactNode }): ReactNode {
  const fold = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const around = fold.current
    if (!around) return
    const observer = new MutationObserver(() => {
      const wrong = around.open ? null : around.querySelector('.ant-form-item-has-error')
      if (!wrong) return
      around.open = true
      wrong.scrollIntoView({ block: 'center' })
    })
    observer.observe(around, { subtree: true, attributeFilter: ['class'] })
    return () => observer.disconnect()
  }, [])
  return (
    <details ref={fold} className="wisp-fold">
      <summary>{props.summary}</summary>
      {props.children}
    </details>
  )
}
