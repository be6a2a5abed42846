import { type ReactNode, useEffect, useState } from 'react'
import './skeleton.css'
import { useText } from '../text.ts'

/** What comes: a whole page, a list below its filters, or the lines of a panel. */
export type SkeletonKind = 'page' | 'list' | 'lines'

/** Until when a skeleton was shown: one that follows at once, for the data after the code, is the same to the eye. */
let shownUntil = Number.NEGATIVE_INFINITY
const followsWithinMs = 100

const widths = ['72%', '88%', '46%', '64%', '80%', '55%', '70%', '60%']

/** The shape of what is loading, in its place, so that nothing moves when it comes. */
export function Skeleton(props: { kind: SkeletonKind; height?: number }): ReactNode {
  const t = useText('common')
  const [isContinued] = useState(() => performance.now() - shownUntil < followsWithinMs)
  useEffect(
    () => () => {
      shownUntil = performance.now()
    },
    [],
  )
  const { kind, height } = props
  return (
    <div
      className={isContinued ? 'wisp-skeleton is-continued' : 'wisp-skeleton'}
      style={height === undefined ? {} : { minHeight: height }}
      role="status"
      aria-busy="true"
      aria-label={t('loading')}
    >
      {kind === 'page' ? <i className="wisp-skeleton-title" /> : null}
      {kind === 'page' ? (
        <div className="wisp-skeleton-filters">
          <i />
          <i />
        </div>
      ) : null}
      {kind === 'lines' ? <Lines height={height} /> : <Rows />}
    </div>
  )
}

function Rows(): ReactNode {
  return (
    <div className="wisp-skeleton-surface">
      {widths.map((_, row) => (
        <div key={row} className="wisp-skeleton-row">
          {[0, 1, 2, 3, 4].map(cell => (
            <i key={cell} style={{ width: row === 0 ? '40%' : widths[(row * 3 + cell) % widths.length] }} />
          ))}
        </div>
      ))}
    </div>
  )
}

function Lines({ height = 160 }: { height: number | undefined }): ReactNode {
  const count = Math.max(2, Math.min(widths.length, Math.floor((height - 32) / 28)))
  return (
    <div className="wisp-skeleton-lines">
      {widths.slice(0, count).map(width => (
        <i key={width} style={{ width }} />
      ))}
    </div>
  )
}
