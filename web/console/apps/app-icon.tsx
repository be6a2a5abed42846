import type { ReactNode } from 'react'
import { addressOf } from '../../ui/data/api.ts'
import { letterOf } from '../../ui/values/app-letter.ts'

/** The app's icon, or its first letter. It is hidden from screen readers, because the name stands beside it. */
export function AppIcon(props: {
  id: string
  name: string
  iconHash?: string | null
  /** Shown instead of the stored icon. */
  url?: string | undefined
  size?: number
}): ReactNode {
  const size = props.size ?? 28
  const shape = { width: size, height: size, borderRadius: size / 5, flex: 'none' }
  const url =
    props.url ??
    (props.iconHash ? addressOf('/web/apps/icon', { id: props.id, v: props.iconHash }) : undefined)
  if (url !== undefined) return <img src={url} alt="" style={{ ...shape, objectFit: 'cover' }} />
  const { letter, colour } = letterOf(props)
  return (
    <span
      aria-hidden="true"
      style={{
        ...shape,
        display: 'inline-grid',
        placeItems: 'center',
        background: colour,
        color: '#fff',
        fontSize: size / 2,
        lineHeight: 1,
      }}
    >
      {letter}
    </span>
  )
}
