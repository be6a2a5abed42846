import type { ReactNode } from 'react'
import { useWaiting } from '../data.ts'
import { AnnouncementList } from './announcement-list.tsx'
import { WaitingRows } from './waiting-rows.tsx'

type Props = {
  onApp(appId: string): void
  onMessages(): void
  onTodos(): void
  isPhone: boolean
}

/** How much is shown at first, so that apps are in sight without scrolling; a phone folds its announcements to one line. */
const shown = {
  desktop: { due: 4, announcements: 2 },
  phone: { due: 3, announcements: 0 },
}

/** What a person wants to see in the morning, above the apps. */
export function Morning({ onApp, onMessages, onTodos, isPhone }: Props): ReactNode {
  const { data, refetch } = useWaiting()
  const { due, announcements } = shown[isPhone ? 'phone' : 'desktop']
  return (
    <>
      <WaitingRows
        answer={data}
        dueAtMost={due}
        {...{ onApp, onMessages, onTodos }}
        retry={() => void refetch()}
      />
      <AnnouncementList shownAtFirst={announcements} />
    </>
  )
}
