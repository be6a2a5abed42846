import type { Fields } from '../agents/pusher.ts'
import { type EventName, happenings } from './approvals.ts'
import type { Approval, Approver, Step, StepStatus } from './records.ts'

/** WeCom writes empty objects of a value as lists. */
const emptyParts = { tips: [], members: [], departments: [], files: [], children: [], stat_field: [] }

const withEmpty = (value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...emptyParts, ...value } : []

/** attr numbers the two kinds the other way round than apv_rel does. */
const attrOf = ({ rel }: Step) => (rel === 2 ? 1 : 2)
/** sp_record has no numbers for what is handled. */
const recordStatus = (status: StepStatus) => (status === 14 ? 2 : status === 15 ? 4 : status)
const shownSteps = ({ steps }: Approval) => steps.filter(one => one.type !== 2)
const copied = ({ steps }: Approval) => steps.filter(one => one.type === 2).flatMap(one => one.people)

/** getapprovaldetail (docs/upstream/wecom-approvals.md#reading). */
export function detailOf(approval: Approval): object {
  return {
    sp_no: approval.no,
    sp_name: approval.name,
    sp_status: approval.status,
    template_id: approval.templateId,
    apply_time: approval.appliedAt,
    applyer: { userid: approval.applicant, partyid: String(approval.party) },
    sp_record: shownSteps(approval).map(step => ({
      sp_status: recordStatus(step.status),
      approverattr: attrOf(step),
      details: step.people.map(one => ({
        approver: { userid: one.userid },
        speech: one.speech,
        sp_status: recordStatus(one.status),
        sptime: one.at,
        media_id: [],
      })),
    })),
    notifyer: copied(approval).map(({ userid }) => ({ userid })),
    apply_data: {
      contents: approval.contents.map(one => ({ ...one, value: withEmpty(one.value) })),
    },
    comments: approval.comments.map(({ userid, text, at, id }) => ({
      commentUserInfo: { userid },
      commenttime: at,
      commentcontent: text,
      commentid: id,
      media_id: [],
    })),
    process_list: {
      node_list: approval.steps.map(step => ({
        node_type: step.type,
        sp_status: step.status,
        apv_rel: step.rel,
        sub_node_list: step.people.map(one => ({
          userid: one.userid,
          speech: one.speech,
          sp_yj: one.status,
          sptime: one.at,
          media_ids: [],
        })),
      })),
    },
  }
}

const nodeStatus = (approval: Approval) => (approval.status === 6 ? 4 : approval.status)

/** The `data` of getopenapprovaldata, whose `OpenSpstatus` and `ApplyUsername` the event spells otherwise. */
export function openDataOf(approval: Approval, nameOf: (userid: string) => string): object {
  return {
    ...openHead(approval),
    ApplyUsername: nameOf(approval.applicant),
    OpenSpstatus: nodeStatus(approval),
    ApprovalNodes: { ApprovalNode: openNodes(approval, nameOf, 'ItemUserId') },
    NotifyNodes: { NotifyNode: copied(approval).map(one => notified(one, nameOf, 'ItemUserId')) },
    ApproverStep: stepNumber(approval),
  }
}

function openHead(approval: Approval) {
  return {
    ThirdNo: approval.no,
    OpenSpName: approval.name,
    OpenTemplateId: approval.templateId,
    ApplyTime: approval.appliedAt,
    ApplyUserId: approval.applicant,
    ApplyUserParty: String(approval.party),
    ApplyUserImage: '',
  }
}

const notified = (one: Approver, nameOf: (userid: string) => string, userId: string) => ({
  ItemName: nameOf(one.userid),
  [userId]: one.userid,
  ItemImage: '',
})

const openNodes = (approval: Approval, nameOf: (userid: string) => string, userId: string) =>
  shownSteps(approval).map(step => ({
    NodeStatus: step.status,
    NodeAttr: attrOf(step),
    NodeType: 1,
    Items: {
      Item: step.people.map(one => ({
        ...notified(one, nameOf, userId),
        ItemStatus: one.status,
        ItemSpeech: one.speech,
        ItemOpTime: one.at,
      })),
    },
  }))

const stepNumber = (approval: Approval) => shownSteps(approval).filter(one => one.status !== 1).length

/** A node of the event's ProcessList, which writes Sptime where SpRecord writes SpTime. */
const processNode = (step: Step): Fields => ({
  NodeType: step.type,
  SpStatus: step.status,
  ApvRel: step.rel,
  SubNodeList: step.people.map(one => ({
    UserInfo: { UserId: one.userid },
    Speech: one.speech,
    SpYj: one.status,
    Sptime: one.at,
  })),
})

/** The agent that the event names: 审批 itself. */
const approvalAgent = 3_010_040

/** What the event about it says (docs/upstream/wecom-approvals.md#events). */
export function eventOf(
  approval: Approval,
  happening: EventName,
  nameOf: (userid: string) => string,
): Fields {
  if (approval.flow === 'own')
    return {
      Event: 'open_approval_change',
      ApprovalInfo: {
        ...openHead(approval),
        ApplyUserName: nameOf(approval.applicant),
        OpenSpStatus: nodeStatus(approval),
        ApprovalNodes: { ApprovalNode: openNodes(approval, nameOf, 'ItemUserid') },
        NotifyNodes: { NotifyNode: copied(approval).map(one => notified(one, nameOf, 'ItemUserid')) },
        'ApproverStep ': stepNumber(approval),
      },
    }
  return {
    Event: 'sys_approval_change',
    AgentID: approvalAgent,
    ApprovalInfo: {
      SpNoStr: approval.no,
      // As WeCom writes it: a number, also beyond 2^53.
      SpNo: approval.no,
      SpName: approval.name,
      SpStatus: approval.status,
      TemplateId: approval.templateId,
      ApplyTime: approval.appliedAt,
      Applyer: { UserId: approval.applicant, Party: String(approval.party) },
      SpRecord: shownSteps(approval).map(step => ({
        SpStatus: recordStatus(step.status),
        ApproverAttr: attrOf(step),
        Details: step.people.map(one => ({
          Approver: { UserId: one.userid },
          Speech: one.speech,
          SpStatus: recordStatus(one.status),
          SpTime: one.at,
        })),
      })),
      Notifyer: copied(approval).map(one => ({ UserId: one.userid })),
      ProcessList: { NodeList: approval.steps.map(processNode) },
      Comments: approval.comments.map(({ userid, text, at, id }) => ({
        CommentUserInfo: { UserId: userid },
        CommentTime: at,
        CommentContent: text,
        CommentId: id,
      })),
      StatuChangeEvent: happenings[happening],
    },
  }
}
