import { Button, Form, Segmented } from 'antd'
import { type ReactNode, useState } from 'react'
import { useText } from '../../../../ui/text.ts'
import { CardEditor } from '../../compose/card/card-editor.tsx'
import type { CardForm } from '../../compose/card/card-form.ts'
import { CardJson } from '../../compose/card/card-json.tsx'
import { useSaid } from '../../compose/card/card-said.ts'
import { PressOptions } from '../../compose/card/press-options.tsx'
import { sampleNames, sampleOf } from '../../compose/card/samples.ts'
import type { ComposeProps } from '../channel-view.ts'
import { callOf } from './card-call.ts'

/** A card: from a sample, field by field, or as JSON. */
export function CardFields({ form, change, body, checked }: ComposeProps): ReactNode {
  const t = useText('cards')
  const [view, setView] = useState<'fields' | 'json'>('fields')
  // A card that comes whole opens its folds anew.
  const [whole, setWhole] = useState(0)
  const said = useSaid(checked)
  const take = (patch: Partial<CardForm>) => {
    change(patch)
    setWhole(whole + 1)
  }
  return (
    <>
      <Form.Item label={t('samples')}>
        <div className="card-edit-samples">
          {sampleNames.map(name => (
            <Button key={name} size="small" onClick={() => take(sampleOf(t, name))}>
              {t(`sample_${name}`)}
            </Button>
          ))}
        </div>
      </Form.Item>
      <Form.Item>
        <Segmented
          aria-label={t('view')}
          value={view}
          options={(['fields', 'json'] as const).map(value => ({ value, label: t(`view_${value}`) }))}
          onChange={setView}
        />
      </Form.Item>
      {view === 'json' ? (
        <CardJson card={form.card} onLoad={card => take({ card })} call={callOf(body)} />
      ) : (
        <CardEditor
          key={whole}
          card={form.card}
          onChange={card => change({ card })}
          problems={said.card.problems}
          warnings={said.card.warnings}
        />
      )}
      <PressOptions form={form} change={change} problems={said.all.problems} warnings={said.all.warnings} />
    </>
  )
}
