import { Button, Form, Input } from 'antd'
import type { ReactNode } from 'react'
import type { FieldsOf } from '../../../ui/data/form-act.ts'
import { useText } from '../../../ui/text.ts'
import type { Program } from './program.ts'
import { ProgramIcon } from './program-icon.tsx'

/** What is derived of the address is the address's fault. */
export const fieldsOfProgram: FieldsOf = {
  named: {
    address: 'address',
    redirectUris: 'address',
    services: 'address',
    homeUrl: 'address',
    name: 'name',
  },
}

/** The one thing that is asked about a program, and what it will be given. */
export function ProgramFields(props: { program: Program; back(): void }): ReactNode {
  const t = useText('app-sign-in')
  const { program, back } = props
  const given = program.claims.map(({ name, purpose }) =>
    t('givenFor', { what: t(`claim_${name}` as 'claim_profile'), purpose }),
  )
  return (
    <>
      <div className="program-chosen">
        <ProgramIcon program={program} />
        <strong>{program.name}</strong>
        <Button type="link" size="small" onClick={back}>
          {t('otherProgram')}
        </Button>
      </div>
      <Form.Item
        name="address"
        label={t('programAddress', { name: program.name })}
        extra={t('programAddressHint')}
        rules={[{ required: true, whitespace: true, message: t('programAddressNone') }]}
      >
        <Input
          autoFocus
          maxLength={1900}
          inputMode="url"
          placeholder="https://app.example.edu"
          spellCheck={false}
        />
      </Form.Item>
      <p className="wisp-quiet program-given">
        {t('programGiven', { name: program.name, what: given.join(t('comma')) })}
      </p>
    </>
  )
}
