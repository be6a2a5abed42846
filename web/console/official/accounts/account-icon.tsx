import type { ReactNode } from 'react'
import { addressOf } from '../../../ui/data/api.ts'
import { AppIcon } from '../../apps/app-icon.tsx'

/** The account's icon, or the first letter of its name. */
export function AccountIcon(props: {
  originalId: string
  name: string
  iconHash: string | null
  size?: number
}): ReactNode {
  const { originalId, name, iconHash, size = 28 } = props
  const url = iconHash ? addressOf('/web/files/file', { hash: iconHash }) : undefined
  return <AppIcon id={originalId} name={name} url={url} size={size} />
}
