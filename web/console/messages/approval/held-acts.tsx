import { PauseOutlined, PlayCircleOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'

const refresh = ['/web/messages/']

/** Pauses what waits to leave, and lets it go on. */
export function HeldActs(props: { message: Answer<'/web/messages/one'> }): ReactNode {
  const t = useText('send-approval')
  const { msgId, held } = props.message
  const pause = useAct('/web/messages/pause', { refresh, done: t('paused') })
  const resume = useAct('/web/messages/resume', { refresh, done: t('resumed') })
  if (held === 'no')
    return (
      <Button
        icon={<PauseOutlined aria-hidden />}
        loading={pause.isRunning}
        onClick={() => void pause.run({ msgId })}
      >
        {t('pause')}
      </Button>
    )
  if (held === 'paused')
    return (
      <Button
        type="primary"
        icon={<PlayCircleOutlined aria-hidden />}
        loading={resume.isRunning}
        onClick={() => void resume.run({ msgId })}
      >
        {t('resume')}
      </Button>
    )
  return null
}
