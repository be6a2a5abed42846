import type { ReactNode } from 'react'
import { useUrlState } from '../../../ui/address/url-state.ts'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { useText } from '../../../ui/text.ts'
import { ApprovalForm } from './approval-form.tsx'
import { ChannelSettings } from './channel-settings.tsx'
import { KeepSettings } from './settings-keep.tsx'
import '../messages.css'

export const settingsPath = '/web/messages/settings'

export function Page(): ReactNode {
  const t = useText('messages')
  const read = useRead(settingsPath)
  const [{ channel }] = useUrlState()
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const { channels, keep } = read.data
  // The key makes a saved form start from the saved values, while a form that is being filled in keeps its
  // text.
  return (
    <>
      <PageTitle title={t('settingsTitle')} hint={t('settingsHint')} />
      <div className="wisp-settings">
        {channels.map(one => (
          <div key={`${one.name} ${one.version}`} ref={one.name === channel ? intoView : undefined}>
            <ChannelSettings channel={one} />
          </div>
        ))}
        <ApprovalForm />
        <KeepSettings key={`keep ${keep.version}`} page={read.data} />
      </div>
    </>
  )
}

/** The channel that the address names, for whoever looked for one of its settings. */
function intoView(card: HTMLElement | null): void {
  card?.scrollIntoView({ block: 'start' })
}
