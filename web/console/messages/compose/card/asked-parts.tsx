import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../../../ui/text.ts'
import { listOf, textOf } from '../../../../ui/wecom-card/loose.ts'
import type { Option, Selection } from '../../../../ui/wecom-card/wecom-card.ts'
import { freeName, type Path } from './card-draft.ts'
import { ChoiceField, KeyField, PartSaid, SelectField, TextField, TickField } from './fields.tsx'
import { ListField } from './list-field.tsx'
import { useCard, useField } from './use-card.ts'

/** The parts of a card that ask for something: buttons, choices, votes. */

export function ButtonsPart(): ReactNode {
  const t = useText('cards')
  return (
    <ListField
      path="button_list"
      one={t('button')}
      max={6}
      min={1}
      fresh={list => ({ style: list.length === 0 ? 1 : 2, key: freeName(list, 'key', 'button_') })}
    >
      {path => <ButtonFields path={path} />}
    </ListField>
  )
}

function ButtonFields({ path }: { path: Path }): ReactNode {
  const t = useText('cards')
  const { value, set } = useField(path)
  const button = (value ?? {}) as { type?: number; text?: string; style?: number }
  const to = (next: number) => {
    const { text, style } = button
    const kept = Object.fromEntries(Object.entries({ text, style }).filter(([, one]) => one !== undefined))
    set(next === 1 ? { ...kept, type: 1 } : { ...kept, key: keyOf(path) })
  }
  return (
    <>
      <div className="card-edit-row">
        <TextField path={`${path}.text`} label={t('buttonText')} required advised={10} keyName="key" />
        <SelectField
          path={`${path}.style`}
          label={t('style')}
          options={[1, 2, 3, 4].map(one => ({ value: one, label: t(`style_${one as 1 | 2 | 3 | 4}`) }))}
        />
        <ChoiceField
          path={`${path}.type`}
          label={t('pressing')}
          options={[
            [0, t('pressTold')],
            [1, t('pressUrl')],
          ]}
          onChange={to}
        />
      </div>
      {button.type === 1 ? (
        <TextField path={`${path}.url`} label={t('url')} required placeholder="https://" />
      ) : (
        <KeyField path={`${path}.key`} label={t('key')} required hint={t('keyHint')} />
      )}
    </>
  )
}

const keyOf = (path: Path) => `button_${Number(/\d+/.exec(path)?.[0] ?? 0) + 1}`

/** The options of a choice or a vote. */
function Options(props: { path: Path; max: number; advised: number; canTick?: boolean }): ReactNode {
  const t = useText('cards')
  return (
    <ListField
      path={props.path}
      one={t('option')}
      max={props.max}
      min={1}
      fresh={list => ({ id: freeName(list, 'id', '') })}
      isSmall
    >
      {path => (
        <div className="card-edit-option">
          <TextField
            path={`${path}.text`}
            label={t('optionText')}
            advised={props.advised}
            isBare
            keyName="id"
          />
          <KeyField path={`${path}.id`} label={t('optionId')} isBare />
          {props.canTick ? <TickField path={`${path}.is_checked`} label={t('ticked')} /> : null}
        </div>
      )}
    </ListField>
  )
}

export function SelectionFields({ path }: { path: Path }): ReactNode {
  const t = useText('cards')
  const { isReplacement } = useCard()
  const options = listOf((useField(path).value as Selection | undefined)?.option_list)
  return (
    <>
      <PartSaid path={path} />
      <div className="wisp-two">
        <TextField path={`${path}.title`} label={t('selectTitle')} advised={13} keyName="question_key" />
        <KeyField path={`${path}.question_key`} label={t('questionKey')} required />
      </div>
      <Options path={`${path}.option_list`} max={10} advised={16} />
      <SelectField
        path={`${path}.selected_id`}
        label={t('selected')}
        empty={t('firstOne')}
        options={options.flatMap((one: Option) =>
          one.id ? [{ value: one.id, label: textOf(one.text) || one.id }] : [],
        )}
      />
      {isReplacement ? <TickField path={`${path}.disable`} label={t('disable')} /> : null}
    </>
  )
}

/** The choice above the buttons, which most cards do not have. */
export function SelectionPart(): ReactNode {
  const t = useText('cards')
  const { value, set } = useField('button_selection')
  if (value === undefined)
    return (
      <Button
        size="small"
        icon={<PlusOutlined aria-hidden />}
        onClick={() => set({ question_key: 'selection', option_list: [{ id: '1' }, { id: '2' }] })}
      >
        {t('add', { one: t('selection') })}
      </Button>
    )
  return (
    <>
      <SelectionFields path="button_selection" />
      <Button size="small" icon={<DeleteOutlined aria-hidden />} onClick={() => set(undefined)}>
        {t('removeIt', { one: t('selection') })}
      </Button>
    </>
  )
}

export function SelectsPart(): ReactNode {
  const t = useText('cards')
  return (
    <ListField
      path="select_list"
      one={t('select')}
      max={3}
      min={1}
      fresh={list => ({
        question_key: freeName(list, 'question_key', 'question_'),
        option_list: [{ id: '1' }, { id: '2' }],
      })}
    >
      {path => <SelectionFields path={path} />}
    </ListField>
  )
}

export function VotePart(): ReactNode {
  const t = useText('cards')
  const { isReplacement } = useCard()
  return (
    <>
      <PartSaid path="checkbox" />
      <div className="wisp-two">
        <ChoiceField
          path="checkbox.mode"
          label={t('mode')}
          options={[
            [0, t('single')],
            [1, t('several')],
          ]}
        />
        <KeyField path="checkbox.question_key" label={t('questionKey')} required />
      </div>
      <Options path="checkbox.option_list" max={20} advised={17} canTick />
      {isReplacement ? <TickField path="checkbox.disable" label={t('disable')} /> : null}
    </>
  )
}

export function SubmitPart(): ReactNode {
  const t = useText('cards')
  return (
    <>
      <PartSaid path="submit_button" />
      <div className="wisp-two">
        <TextField path="submit_button.text" label={t('submitText')} placeholder={t('submit')} advised={10} />
        <KeyField path="submit_button.key" label={t('key')} required />
      </div>
    </>
  )
}
