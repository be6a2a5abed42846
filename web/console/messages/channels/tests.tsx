import { SendOutlined } from '@ant-design/icons'
import { Alert, Button } from 'antd'
import type { ReactNode } from 'react'
import { useAct } from '../../../ui/data/act.tsx'

export type TestAnswer = { name: string; isSent: boolean; said: string }

/** What became of a test message to a group. */
export function TestResult(props: {
  answer: TestAnswer | undefined
  words: string
  onClose: () => void
}): ReactNode {
  const { answer } = props
  if (!answer) return null
  return (
    <Alert
      type={answer.isSent ? 'success' : 'error'}
      showIcon
      closable={{ onClose: props.onClose }}
      title={`${answer.name}：${props.words}`}
      description={answer.said || undefined}
      style={{ marginBottom: 16 }}
    />
  )
}

export function TestButton(props: {
  path: '/web/messages/robots/test' | '/web/messages/chats/test'
  row: { id: string; name: string }
  label: string
  tell: (answer: TestAnswer) => void
}): ReactNode {
  const { id, name } = props.row
  const test = useAct(props.path, {
    done: answer => {
      props.tell({ name, isSent: answer.isSent, said: answer.answer })
      return undefined
    },
  })
  return (
    <Button
      size="small"
      icon={<SendOutlined aria-hidden />}
      loading={test.isRunning}
      onClick={() => void test.run({ id })}
    >
      {props.label}
    </Button>
  )
}
