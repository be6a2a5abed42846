import { PlusOutlined } from '@ant-design/icons'
import { Button, Tag } from 'antd'
import { type ReactNode, useState } from 'react'
import { OpenLink } from '../../../ui/address/page-link.tsx'
import { UrlDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import type { Row } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../../ui/feedback.tsx'
import { later } from '../../../ui/fields/later.tsx'
import { type Column, Filters, ListTable, UrlSelectMany } from '../../../ui/list-table.tsx'
import { Actor } from '../../../ui/objects/actor.tsx'
import { Parts } from '../../../ui/objects/parts.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import { useAudienceWords } from '../audience-words.ts'

const AnnouncementForm = later(async () => (await import('./announcement-form.tsx')).AnnouncementForm)
const PastAnnouncement = later(async () => (await import('./past-announcement.tsx')).PastAnnouncement)
const AnnouncementMarks = later(async () => (await import('./announcement-marks.tsx')).AnnouncementMarks)

/** The value of `open` in the address for a new one. */
const newAnnouncement = 'new'

export function Page(): ReactNode {
  const t = useText('announcements')
  const { id, open, close } = useOpen()
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => open(newAnnouncement)}>
      {t('add')}
    </Button>
  )
  const states = (['current', 'planned', 'past'] as const).map(value => ({ value, label: t(value) }))
  return (
    <>
      <PageTitle title={t('title')} hint={t('titleHint')} actions={add} />
      <Filters>
        <UrlSelectMany name="state" label={t('state')} options={states} />
      </Filters>
      <ListTable
        label={t('title')}
        path="/web/announcements/list"
        filters={['state']}
        columns={useColumns()}
        rowKey={one => one.id}
        onOpen={one => open(one.id)}
        empty={<EmptyState title={t('empty')} hint={t('emptyHint')} action={add} />}
      />
      <UrlDrawer title={id === newAnnouncement ? t('add') : t('one')}>
        {one =>
          one === newAnnouncement ? (
            <AnnouncementForm announcement={undefined} onDone={close} />
          ) : (
            <Existing key={one} id={one} onDone={close} />
          )
        }
      </UrlDrawer>
    </>
  )
}

function useColumns(): Column<Row<'/web/announcements/list'>>[] {
  const t = useText('announcements')
  const audienceWords = useAudienceWords()
  return [
    {
      key: 'title',
      title: t('heading'),
      render: one => (
        <span className="announcement-title">
          <OpenLink id={one.id}>
            <bdi>{one.title}</bdi>
          </OpenLink>
          {one.isImportant ? <Tag color="error">{t('important')}</Tag> : null}
        </span>
      ),
    },
    { key: 'state', title: t('state'), render: one => <AnnouncementState announcement={one} /> },
    { key: 'audience', title: t('audience'), render: one => audienceWords(one.visible) },
    { key: 'from', title: t('from'), render: one => <Time at={one.from} /> },
    { key: 'until', title: t('until'), render: one => <Time at={one.until} /> },
    {
      key: 'updatedAt',
      title: t('updated'),
      wideOnly: true,
      render: one => (
        <span>
          <Time at={one.updatedAt} />{' '}
          <span className="wisp-quiet">
            <Actor id={one.updatedBy} />
          </span>
        </span>
      ),
    },
  ]
}

const kinds = { current: 'good', planned: 'busy', past: 'idle' } as const

function AnnouncementState(props: { announcement: Row<'/web/announcements/list'> }): ReactNode {
  const t = useText('announcements')
  const { state, withdrawnBy } = props.announcement
  return <State kind={kinds[state]}>{t(withdrawnBy === null ? state : 'withdrawn')}</State>
}

/** The form of one that has not ended, and the text of one that has. */
function Existing(props: { id: string; onDone(): void }): ReactNode {
  const t = useText('announcements')
  const marks = useText('message-marks')
  const read = useRead('/web/announcements/announcement', { id: Number(props.id) })
  const [wasFresh] = useState(!read.isStale)
  if (read.error) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  // A form that was filled from an older answer would be refused on saving.
  if (!read.data || !(wasFresh || read.isFetchedAfterMount)) return <Loading />
  const { id, state } = read.data
  const text =
    state === 'past' ? (
      <PastAnnouncement announcement={read.data} />
    ) : (
      <AnnouncementForm announcement={read.data} onDone={props.onDone} />
    )
  if (state === 'planned') return text
  return (
    <Parts
      inDrawer
      parts={[
        { key: 'text', title: t('one'), children: text },
        { key: 'marks', title: marks('announcementTab'), children: <AnnouncementMarks id={id} /> },
      ]}
    />
  )
}
