import { Alert, Form, Input, Modal, Radio } from 'antd'
import { type ReactNode, useState } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import { type Answer, CallError } from '../../../ui/data/api.ts'
import { useErrorText } from '../../../ui/data/error-text.ts'
import { MemberPicker, type PickedMember } from '../../../ui/pickers.tsx'
import { useText } from '../../../ui/text.ts'
import { CardView } from '../../../ui/wecom-card/card-view.tsx'
import { isInteractive, type WecomCard } from '../../../ui/wecom-card/wecom-card.ts'
import { CardEditor } from '../compose/card/card-editor.tsx'
import { drawn } from '../compose/card/card-form.ts'
import { inside } from '../compose/card/card-said.ts'
import { besideField, inLabels, pathIn } from '../compose/card/card-words.ts'
import type { Answers } from './answers-of.ts'

type Change = { to: 'name' | 'card'; name: string; card: WecomCard; text: string }
type UpdateAnswer = Answer<'/web/messages/card/update'>

/** Changes the cards of everybody or of some: another text on their buttons, or another card. */
export function UpdateCard(props: {
  msgId: string
  answers: Answers
  whom: 'all' | readonly string[]
  close: () => void
}): ReactNode {
  const t = useText('card-answers')
  const common = useText('common')
  const { msgId, answers, whom, close } = props
  const sent = answers.card as WecomCard
  const [isAll, setAll] = useState(whom === 'all')
  const [members, setMembers] = useState<PickedMember[]>(whom === 'all' ? [] : picked(answers, whom))
  const [change, setChange] = useState<Change>({
    to: isInteractive(sent) ? 'name' : 'card',
    name: '',
    card: sent,
    text: '',
  })
  const [done, setDone] = useState<UpdateAnswer>()
  const update = useAct('/web/messages/card/update', { refresh: ['/web/messages/card/'], isQuiet: true })
  const go = async () => {
    const userIds = isAll ? {} : { userIds: members.map(one => one.userId) }
    setDone(await update.run({ msgId, ...userIds, ...inputsOf(change) }))
  }
  // What is done once cannot be done again by the same codes.
  const isDone = done !== undefined && done.failed.length === 0
  const isReady = (isAll || members.length > 0) && (change.to === 'card' || change.name.trim() !== '')
  return (
    <Modal
      open
      width={820}
      title={t('update')}
      okText={t('update')}
      okButtonProps={{ disabled: !isReady, loading: update.isRunning, hidden: isDone }}
      cancelText={isDone ? common('close') : common('cancel')}
      onOk={() => void go()}
      onCancel={close}
    >
      <p className="wisp-quiet">{t('updateHint')}</p>
      <div className="card-update">
        <Form layout="vertical" component="div">
          <Form.Item label={t('whose')}>
            <Radio.Group value={isAll} onChange={event => setAll(event.target.value)}>
              <Radio value>{t('everybody', { n: answers.counts.receivers })}</Radio>
              <Radio value={false}>{t('some')}</Radio>
            </Radio.Group>
          </Form.Item>
          {isAll ? null : (
            <Form.Item label={t('people')} htmlFor="card-update-whom">
              <MemberPicker id="card-update-whom" value={members} onChange={setMembers} />
            </Form.Item>
          )}
          <ChangeFields
            change={change}
            isNamed={isInteractive(sent)}
            onChange={setChange}
            error={update.error}
          />
        </Form>
        <div className="card-drawn">
          <CardView
            card={drawn(change.to === 'name' ? sent : change.card, answers.agentName)}
            replacedBy={change.to === 'name' ? change.name.trim() || '…' : change.text.trim()}
          />
        </div>
      </div>
      <Outcome error={update.error} done={done} />
    </Modal>
  )
}

function picked({ list }: Answers, userIds: readonly string[]): PickedMember[] {
  const names = new Map(list.map(one => [one.userId, one.userName]))
  return userIds.map(userId => ({ userId, name: names.get(userId) || userId }))
}

function inputsOf({ to, name, card, text }: Change) {
  if (to === 'name') return { replaceName: name.trim() }
  return { card, ...(text.trim() && isInteractive(card) ? { replaceText: text.trim() } : {}) }
}

function ChangeFields(props: {
  change: Change
  isNamed: boolean
  onChange: (change: Change) => void
  error: unknown
}): ReactNode {
  const t = useText('card-answers')
  const words = useText('cards')
  const textOf = useErrorText()
  const { change, onChange, error } = props
  const said = error instanceof CallError ? textOf(error) : ''
  const path = pathIn(said)
  return (
    <>
      <Form.Item label={t('becomes')}>
        <Radio.Group value={change.to} onChange={event => onChange({ ...change, to: event.target.value })}>
          {props.isNamed ? <Radio value="name">{words('becomesName')}</Radio> : null}
          <Radio value="card">{words('becomesCard')}</Radio>
        </Radio.Group>
      </Form.Item>
      {change.to === 'name' ? (
        <Form.Item label={words('replaceName')} htmlFor="card-update-name" required>
          <Input
            id="card-update-name"
            value={change.name}
            placeholder={t('nameExample')}
            onChange={event => onChange({ ...change, name: event.target.value })}
          />
        </Form.Item>
      ) : (
        <>
          {isInteractive(change.card) ? (
            <Form.Item
              label={words('replaceText')}
              htmlFor="card-update-text"
              extra={words('replaceTextHint')}
            >
              <Input
                id="card-update-text"
                value={change.text}
                onChange={event => onChange({ ...change, text: event.target.value })}
              />
            </Form.Item>
          ) : null}
          <CardEditor
            card={change.card}
            onChange={card => onChange({ ...change, card })}
            problems={inside(new Map(path ? [[path, besideField(words, said)]] : []))}
            warnings={new Map()}
            isReplacement
            isAsked
          />
        </>
      )}
    </>
  )
}

function Outcome({ error, done }: { error: unknown; done: UpdateAnswer | undefined }): ReactNode {
  const t = useText('card-answers')
  const textOf = useErrorText()
  const words = useText('cards')
  if (error)
    return <Alert type="error" showIcon title={inLabels(words, textOf(error))} style={{ marginTop: 16 }} />
  if (!done) return null
  const isWhole = done.failed.length === 0
  return (
    <Alert
      type={isWhole ? 'success' : 'warning'}
      showIcon
      role="status"
      title={t('updated', { n: done.updated })}
      description={
        isWhole
          ? null
          : done.failed.slice(0, 20).map(({ userId, reason }) => (
              <div key={userId}>
                {userId}：{reason}
              </div>
            ))
      }
      style={{ marginTop: 16 }}
    />
  )
}
