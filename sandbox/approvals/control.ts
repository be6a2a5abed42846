import type { FastifyInstance } from 'fastify'
import { ControlError, controlBody, oneOf, onlyKeys, optional, string } from '../http/control-input.ts'
import type { Input } from '../http/input.ts'
import { WecomError } from '../rules/errcodes.ts'
import type { ApprovalAct } from './approvals.ts'
import { decisions } from './decide.ts'
import { type ApprovalTemplate, current, type Flow, holders } from './records.ts'
import { readSteps, submit } from './submit.ts'
import type { ApprovalWorld } from './world.ts'

const flows = ['wecom', 'own'] as const
const acts: readonly ApprovalAct[] = [...decisions, 'urge', 'withdraw', 'revoke', 'comment']

/** /_sandbox/approvals/*: what people do on the telephone, and templates of WeCom's console. */
export function routeApprovals(control: FastifyInstance, world: ApprovalWorld): void {
  const post = (url: string, run: (input: Input) => object): void => {
    control.post(`/_sandbox/approvals/${url}`, async request => told(() => run(controlBody(request.body))))
  }
  control.get('/_sandbox/approvals', async request => shown(world, request.query as Input))
  post('template', input => putTemplate(world, input))
  post('submit', input => submitByHand(world, input))
  post('act', input => {
    onlyKeys(input, 'act', 'flow', 'no', 'userid', 'to', 'text')
    const to = optional(input, 'to', string)
    const text = optional(input, 'text', string)
    if (to !== undefined && world.state.slotOf(to) === undefined) throw new Error(`there is no member ${to}`)
    return world.approvals.act({
      act: oneOf(...acts)(input['act'], 'act'),
      flow: optional(input, 'flow', oneOf(...flows)) ?? 'wecom',
      no: string(input['no'], 'no'),
      userid: string(input['userid'], 'userid'),
      ...(to === undefined ? {} : { to }),
      ...(text === undefined ? {} : { text }),
    })
  })
}

/** The words of a refusal reach the script and the page. */
function told(run: () => object): object {
  try {
    return run()
  } catch (error) {
    throw new ControlError((error as Error).message)
  }
}

function shown(world: ApprovalWorld, input: Input): object {
  const userid = optional(input, 'userid', string)
  const all = world.approvals.all().map(one => {
    const step = current(one)
    return { ...one, waitsFor: step ? holders(step).map(({ userid }) => userid) : [] }
  })
  const isOf = (one: (typeof all)[number]) =>
    one.applicant === userid || one.steps.some(step => step.people.some(who => who.userid === userid))
  return {
    templates: world.approvals.templates(),
    approvals: userid === undefined ? all : all.filter(isOf),
  }
}

function putTemplate(world: ApprovalWorld, input: Input): object {
  onlyKeys(input, 'templateId', 'flow', 'name', 'controls', 'steps')
  const { controls = [], steps } = input
  const template: ApprovalTemplate = {
    templateId: string(input['templateId'], 'templateId'),
    flow: (optional(input, 'flow', oneOf(...flows)) ?? 'wecom') as Flow,
    name: string(input['name'], 'name'),
    controls: controls as ApprovalTemplate['controls'],
    steps: steps === undefined ? [] : readSteps(world.state, steps, { rel: 'rel', people: 'userids' }),
  }
  world.approvals.putTemplate(template)
  return template
}

function submitByHand(world: ApprovalWorld, input: Input): object {
  onlyKeys(input, 'userid', 'templateId', 'contents', 'thirdNo')
  const template = world.approvals.template(string(input['templateId'], 'templateId'))
  const slot = world.state.slotOf(string(input['userid'], 'userid'))
  if (!template || slot === undefined) throw new WecomError(301025, template ? 'userid' : 'templateId')
  const thirdNo = optional(input, 'thirdNo', string)
  if ((template.flow === 'own') !== (thirdNo !== undefined)) throw new WecomError(301025, 'thirdNo')
  const contents = input['contents'] ?? []
  return submit(world, { template, slot, contents, ...(thirdNo === undefined ? {} : { thirdNo }) })
}
