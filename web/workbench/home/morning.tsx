import type { ReactNode } from 'react'
import { useWaiting } from '../data.ts'
import { AnnouncementList } from './announcement-list.tsx'
import { WaitingRows } from './waiting-rows.tsx'

type Props = {
  onApp(appId: string): void
  onMessages(): void
  onTodos(): void
  /** Of announcements; the others are a click away. */
  shownAtFirst: number
}

/** What a person wants to see in the morning, above the apps. */
export function Morning({ onApp, onMessages, onTodos, shownAtFirst }: Props): ReactNode {
  const { data, refetch } = useWaiting()
  return (
    <>
      <WaitingRows answer={data} {...{ onApp, onMessages, onTodos }} retry={() => void refetch()} />
      <AnnouncementList shownAtFirst={shownAtFirst} />
    </>
  )
}
