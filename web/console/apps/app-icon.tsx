import type { ReactNode } from 'react'
import { addressOf } from '../../ui/api.ts'

const colours = ['#2468f2', '#0e7c66', '#8a4fd3', '#b4531a', '#c02f6d', '#3d6b1f']

/** The app's icon, or the first character of its name on a colour of its own. Says nothing to screen readers: the name does. */
export function AppIcon(props: {
  id: string
  name: string
  iconHash?: string | null
  /** Instead of the stored one. */
  url?: string | undefined
  size?: number
}): ReactNode {
  const size = props.size ?? 28
  const shape = { width: size, height: size, borderRadius: size / 5, flex: 'none' }
  const url =
    props.url ??
    (props.iconHash ? addressOf('/web/apps/icon', { id: props.id, v: props.iconHash }) : undefined)
  if (url !== undefined) return <img src={url} alt="" style={{ ...shape, objectFit: 'cover' }} />
  const seed = [...props.id].reduce((sum, character) => sum + character.charCodeAt(0), 0)
  return (
    <span
      aria-hidden="true"
      style={{
        ...shape,
        display: 'inline-grid',
        placeItems: 'center',
        background: colours[seed % colours.length],
        color: '#fff',
        fontSize: size / 2,
        lineHeight: 1,
      }}
    >
      {[...props.name.trim()][0] ?? '·'}
    </span>
  )
}
