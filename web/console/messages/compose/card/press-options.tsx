import { Checkbox, Form, Input, Radio } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../../../ui/text.ts'
import { isAnswered, isInteractive } from '../../../../ui/wecom-card/wecom-card.ts'
import { CardEditor } from './card-editor.tsx'
import { type CardForm, pressedOf } from './card-form.ts'
import type { CardNotes } from './use-card.ts'

/** What happens when somebody presses the card. */
export function PressOptions(props: {
  form: CardForm
  change: (patch: Partial<CardForm>) => void
  problems: CardNotes
  warnings: CardNotes
  isAsked: boolean
}): ReactNode {
  const t = useText('cards')
  const { form, change, problems, warnings, isAsked } = props
  if (!isAnswered(form.card)) return null
  const pressed = pressedOf(form)
  const choose = (next: CardForm['pressed']) =>
    change({
      pressed: next,
      ...(next === 'card' && !form.pressedCard ? copyOf(t, form) : {}),
    })
  return (
    <section className="card-edit-part">
      <h3>{t('afterPress')}</h3>
      <Form.Item label={t('becomes')} extra={t('becomesHint')}>
        <Radio.Group value={pressed} onChange={event => choose(event.target.value)}>
          {isInteractive(form.card) ? <Radio value="name">{t('becomesName')}</Radio> : null}
          <Radio value="card">{t('becomesCard')}</Radio>
          {isInteractive(form.card) ? null : <Radio value="same">{t('becomesSame')}</Radio>}
        </Radio.Group>
      </Form.Item>
      {pressed === 'name' ? (
        <NameField
          path="onPress.replaceName"
          label={t('replaceName')}
          placeholder={t('submitted')}
          value={form.replaceName}
          onChange={replaceName => change({ replaceName })}
          problems={problems}
        />
      ) : null}
      {pressed === 'card' && form.pressedCard ? (
        <fieldset className="card-edit-pressed">
          <legend>{t('pressedCard')}</legend>
          {isInteractive(form.pressedCard) ? (
            <NameField
              path="onPress.replaceText"
              label={t('replaceText')}
              hint={t('replaceTextHint')}
              value={form.pressedText}
              onChange={pressedText => change({ pressedText })}
              problems={problems}
            />
          ) : null}
          <CardEditor
            card={form.pressedCard}
            onChange={pressedCard => change({ pressedCard })}
            problems={below(problems)}
            warnings={below(warnings)}
            isReplacement
            isAsked={isAsked}
          />
        </fieldset>
      ) : null}
      {isInteractive(form.card) ? (
        <Form.Item extra={t('firstPressWinsHint')}>
          <Checkbox
            checked={form.firstPressWins}
            onChange={event => change({ firstPressWins: event.target.checked })}
          >
            {t('firstPressWins')}
          </Checkbox>
        </Form.Item>
      ) : null}
      <Form.Item extra={t('perPersonHint')}>
        <Checkbox checked={form.perPerson} onChange={event => change({ perPerson: event.target.checked })}>
          {t('perPerson')}
        </Checkbox>
      </Form.Item>
    </section>
  )
}

function NameField(props: {
  path: string
  label: string
  hint?: string
  placeholder?: string
  value: string
  onChange: (value: string) => void
  problems: CardNotes
}): ReactNode {
  const { path, label, hint, placeholder = '', value } = props
  const problem = props.problems.get(path)
  return (
    <Form.Item
      label={label}
      htmlFor={path}
      extra={hint}
      {...(problem ? { validateStatus: 'error', help: problem } : {})}
    >
      <Input
        id={path}
        placeholder={placeholder}
        value={value}
        onChange={event => props.onChange(event.target.value)}
      />
    </Form.Item>
  )
}

/** What is said about the other card has its own paths. */
function below(said: CardNotes): CardNotes {
  const root = 'onPress.card.'
  return new Map(
    [...said].flatMap(([path, words]) => (path.startsWith(root) ? [[path.slice(root.length), words]] : [])),
  )
}

/** The other card begins as the same one with finished buttons. */
function copyOf(t: (key: 'submitted') => string, { card, replaceName }: CardForm): Partial<CardForm> {
  return { pressedCard: structuredClone(card), pressedText: replaceName.trim() || t('submitted') }
}
