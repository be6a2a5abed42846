import { type ReactNode, useEffect, useRef, useState } from 'react'
import './forms.css'

/**
 * Fields that have a good standard, folded away. It opens by itself when one of them turns out to be wrong. `isOpenOnly`: what is folded is there
 * while it is open only, such as a form whose buttons stand at the edge of its drawer.
 */
export function Fold(props: { summary: string; isOpenOnly?: boolean; children: ReactNode }): ReactNode {
  const [isOpen, setOpen] = useState(false)
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
    <details ref={fold} className="wisp-fold" onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>{props.summary}</summary>
      {props.isOpenOnly && !isOpen ? null : props.children}
    </details>
  )
}
