// Written by scripts/generate-sdk.ts from the declarations of the calls. Change those instead.
import { ApiError } from '../errors.ts'

/** 1000 参数错误 · invalid parameter */
export class BadParameterError extends ApiError {
  override readonly name = 'BadParameterError'
}

/** 1001 参数为空 · missing parameter */
export class MissingParameterError extends ApiError {
  override readonly name = 'MissingParameterError'
}

/** 1002 无效的应用 ID · unknown application ID */
export class UnknownDeveloperError extends ApiError {
  override readonly name = 'UnknownDeveloperError'
}

/** 1003 无效的应用秘钥 · wrong devSecret */
export class WrongSecretError extends ApiError {
  override readonly name = 'WrongSecretError'
}

/** 1004 devToken 已失效 · devToken expired or revoked */
export class DeadTokenError extends ApiError {
  override readonly name = 'DeadTokenError'
}

/** 1005 无效的部门 id · unknown department id */
export class UnknownDepartmentError extends ApiError {
  override readonly name = 'UnknownDepartmentError'
}

/** 1006 无效的标签 id · unknown tag id */
export class UnknownTagError extends ApiError {
  override readonly name = 'UnknownTagError'
}

/** 1007 无效的用户 id · unknown user id */
export class UnknownMemberError extends ApiError {
  override readonly name = 'UnknownMemberError'
}

/** 1008 消息中心配置错误 · message centre not configured correctly */
export class MessageCentreError extends ApiError {
  override readonly name = 'MessageCentreError'
}

/** 1009 无权限 · not permitted */
export class ForbiddenError extends ApiError {
  override readonly name = 'ForbiddenError'
}

/** 1010 请求过于频繁 · too many requests */
export class TooManyRequestsError extends ApiError {
  override readonly name = 'TooManyRequestsError'
}

/** 1011 上游服务不可用 · upstream service unavailable */
export class UpstreamError extends ApiError {
  override readonly name = 'UpstreamError'
}

/** 1012 jessionId 已失效 · jessionId expired or revoked */
export class DeadTicketError extends ApiError {
  override readonly name = 'DeadTicketError'
}

/** 1013 服务暂不可用 · unavailable for the moment */
export class UnavailableError extends ApiError {
  override readonly name = 'UnavailableError'
}

/** 9999 系统异常 · internal error */
export class InternalError extends ApiError {
  override readonly name = 'InternalError'
}

export const errorClasses = {
  '1000': BadParameterError,
  '1001': MissingParameterError,
  '1002': UnknownDeveloperError,
  '1003': WrongSecretError,
  '1004': DeadTokenError,
  '1005': UnknownDepartmentError,
  '1006': UnknownTagError,
  '1007': UnknownMemberError,
  '1008': MessageCentreError,
  '1009': ForbiddenError,
  '1010': TooManyRequestsError,
  '1011': UpstreamError,
  '1012': DeadTicketError,
  '1013': UnavailableError,
  '9999': InternalError,
} as const
