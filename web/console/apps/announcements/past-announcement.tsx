import { Descriptions } from 'antd'
import type { ReactNode } from 'react'
import type { Answer } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'
import { Time } from '../../../ui/values/time.tsx'
import { useAudienceWords } from '../audience-words.ts'
import './announcements.css'

export function PastAnnouncement(props: {
  announcement: Answer<'/web/announcements/announcement'>
}): ReactNode {
  const t = useText('announcements')
  const audienceWords = useAudienceWords()
  const { title, content, visible, from, until, withdrawnBy } = props.announcement
  const text = (words: string) => <span className="announcement-text">{words}</span>
  return (
    <Descriptions
      column={1}
      size="small"
      layout="vertical"
      items={[
        { key: 'title', label: t('heading'), children: text(title) },
        { key: 'content', label: t('content'), children: content ? text(content) : '—' },
        { key: 'audience', label: t('audience'), children: audienceWords(visible) },
        { key: 'from', label: t('from'), children: <Time at={from} /> },
        {
          key: 'until',
          label: t('until'),
          children: (
            <span>
              <Time at={until} /> {withdrawnBy === null ? '' : t('withdrawnBy', { name: withdrawnBy })}
            </span>
          ),
        },
      ]}
    />
  )
}
