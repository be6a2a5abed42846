import { MessageOutlined } from '@ant-design/icons'
import { Button, Input, Popover, Tooltip } from 'antd'
import { type ReactNode, useState } from 'react'
import { useRead } from '../../../ui/data/read.ts'
import { useText } from '../../../ui/text.ts'

/** Writes a quick reply into the field, where it can still be changed. */
export function QuickReplyPicker(props: {
  originalId: string
  isShut: boolean
  onPick(content: string): void
}): ReactNode {
  const t = useText('official-conversations')
  const [isOpen, setOpen] = useState(false)
  const pick = (content: string) => {
    setOpen(false)
    props.onPick(content)
  }
  return (
    <Popover
      trigger="click"
      open={isOpen}
      onOpenChange={setOpen}
      destroyOnHidden
      content={<Choice originalId={props.originalId} onPick={pick} />}
    >
      <Tooltip title={t('quickReply')}>
        <Button type="text" icon={<MessageOutlined />} aria-label={t('quickReply')} disabled={props.isShut} />
      </Tooltip>
    </Popover>
  )
}

function Choice(props: { originalId: string; onPick(content: string): void }): ReactNode {
  const t = useText('official-conversations')
  const [search, setSearch] = useState('')
  const { data } = useRead('/web/official/quick-replies', { originalId: props.originalId })
  const words = search.trim().toLowerCase()
  const found = (data?.list ?? []).filter(one =>
    `${one.shortcut} ${one.content}`.toLowerCase().includes(words),
  )
  return (
    <div className="oa-talk-quick">
      <Input
        autoFocus
        allowClear
        aria-label={t('quickSearch')}
        placeholder={t('quickSearch')}
        value={search}
        onChange={event => setSearch(event.target.value)}
        onPressEnter={() => {
          if (found[0]) props.onPick(found[0].content)
        }}
      />
      {found.length === 0 ? <p className="wisp-quiet">{t(words ? 'noneFound' : 'quickNone')}</p> : null}
      <ul>
        {found.map(one => (
          <li key={one.id}>
            <button type="button" onClick={() => props.onPick(one.content)}>
              <b>{one.shortcut}</b> {one.content}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
