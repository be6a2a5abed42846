import { Button } from 'antd'
import type { ReactNode } from 'react'
import { UrlDrawer } from '../../../ui/address/url-drawer.tsx'
import { useUrlState } from '../../../ui/address/url-state.ts'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading, NotFound } from '../../../ui/feedback.tsx'
import { later } from '../../../ui/fields/later.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { useText } from '../../../ui/text.ts'
import { useChannel } from '../words.tsx'
import { ChannelList } from './channel-list.tsx'
import '../messages.css'

const ApprovalForm = later(async () => (await import('./approval-form.tsx')).ApprovalForm)
const KeepSettings = later(async () => (await import('./settings-keep.tsx')).KeepSettings)
const ChannelSettings = later(async () => (await import('./channel-settings.tsx')).ChannelSettings)

export const settingsPath = '/web/messages/settings'

/** All channels with what became of what they sent; the settings of each are a drawer. */
export function Page(): ReactNode {
  const t = useText('messages')
  const read = useRead(settingsPath)
  const [{ channel = '' }] = useUrlState()
  const label = useChannel(channel)?.label ?? ''
  const guide = (
    <Button href="/docs/build/which-channel" target="_blank" rel="noreferrer">
      {t('whichChannel')}
    </Button>
  )
  return (
    <>
      <PageTitle title={t('settingsTitle')} hint={t('settingsHint')} actions={guide} />
      <ChannelList />
      <div className="wisp-settings">
        <ApprovalForm />
        {read.data ? <KeepSettings key={`keep ${read.data.keep.version}`} page={read.data} /> : null}
      </div>
      <UrlDrawer name="channel" title={label} width="wide">
        {name => <OneChannel key={name} name={name} />}
      </UrlDrawer>
    </>
  )
}

function OneChannel({ name }: { name: string }): ReactNode {
  const read = useRead(settingsPath)
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const found = read.data.channels.find(one => one.name === name)
  // The key makes a saved form start from the saved values, while a form that is being filled in keeps its text.
  return found ? <ChannelSettings key={`${name} ${found.version}`} channel={found} /> : <NotFound />
}
