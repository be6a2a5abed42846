import { EyeOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Preview } from '../../../server/features/channels/channels.ts'
import { useAct } from '../../ui/data/act.tsx'
import { addressOf } from '../../ui/data/api.ts'
import { EmptyState } from '../../ui/feedback.tsx'
import { useText } from '../../ui/text.ts'
import { FileSourceProvider } from './file-row.tsx'
import { PreviewCard } from './previews.tsx'

/** The content is encrypted, and each look at it is recorded in the audit log, so it is read only on request. */
export function MessageContent({ msgId }: { msgId: string }): ReactNode {
  const t = useText('messages')
  const [opened, setOpened] = useState<Preview>()
  const look = useAct('/web/messages/content')
  if (opened)
    return (
      <FileSourceProvider value={({ mediaId }) => addressOf('/web/messages/file', { msgId, mediaId })}>
        <PreviewCard preview={opened} />
      </FileSourceProvider>
    )
  return (
    <EmptyState
      title={t('lookHint')}
      action={
        <Button
          icon={<EyeOutlined aria-hidden />}
          loading={look.isRunning}
          onClick={async () => setOpened(await look.run({ msgId }))}
        >
          {t('look')}
        </Button>
      }
    />
  )
}
