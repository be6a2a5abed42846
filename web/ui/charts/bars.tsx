import type { ReactNode } from 'react'
import { useText } from '../text.ts'
import { formatNumber, formatShare } from '../values/format.ts'
import './bars.css'

export type Bar = { key: string; label: string; value: number }

/** Figures side by side, in the order given, each with its part of `of` and a bar as long. All figures stand there as text. */
export function Bars(props: { title: string; of: number; bars: readonly Bar[] }): ReactNode {
  const t = useText('common')
  const { of } = props
  return (
    <figure className="wisp-bars">
      <figcaption>{props.title}</figcaption>
      <ul>
        {props.bars.map(({ key, label, value }) => {
          const share = of > 0 ? Math.min(1, value / of) : 0
          return (
            <li key={key}>
              <span className="wisp-bars-label">{label}</span>
              <span className="wisp-bars-value">
                {t('nOfAll', { n: formatNumber(value), share: formatShare(share) })}
              </span>
              <span className="wisp-bars-line" aria-hidden>
                <span style={{ width: `${share * 100}%` }} />
              </span>
            </li>
          )
        })}
      </ul>
    </figure>
  )
}
