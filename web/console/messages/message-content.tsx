import { EyeOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Preview } from '../../../server/features/channels/channels.ts'
import { useAct } from '../../ui/data/act.tsx'
import { EmptyState } from '../../ui/feedback.tsx'
import { useText } from '../../ui/text.ts'
import { PreviewCard } from './previews.tsx'

/** The content is encrypted, and each look at it is recorded in the audit log, so it is read only on request. */
export function MessageContent(props: { msgId: string }): ReactNode {
  const t = useText('messages')
  const [opened, setOpened] = useState<Preview>()
  const look = useAct('/web/messages/content')
  if (opened) return <PreviewCard preview={opened} />
  return (
    <EmptyState
      title={t('lookHint')}
      action={
        <Button
          icon={<EyeOutlined aria-hidden />}
          loading={look.isRunning}
          onClick={async () => setOpened(await look.run({ msgId: props.msgId }))}
        >
          {t('look')}
        </Button>
      }
    />
  )
}
