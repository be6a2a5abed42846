import { QuestionCircleOutlined } from '@ant-design/icons'
import { Button, Popover } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../../ui/text.ts'

const ways = ['message', 'type', 'pin', 'todo', 'mass'] as const

/** Tells in five lines what a message, a to-do and a mass message are for. */
export function WhichOne(): ReactNode {
  const t = useText('messages')
  const content = (
    <dl className="wisp-which">
      {ways.map(way => (
        <div key={way}>
          <dt>{t(`which_${way}`)}</dt>
          <dd>{t(`which_${way}For`)}</dd>
        </div>
      ))}
    </dl>
  )
  return (
    <Popover trigger="click" placement="bottomRight" content={content}>
      <Button icon={<QuestionCircleOutlined aria-hidden />}>{t('which')}</Button>
    </Popover>
  )
}
