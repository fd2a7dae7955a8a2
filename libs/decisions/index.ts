export { type ByPerson, RejectionDto } from './by-person.dto.ts';
export { approvedAs, Decided, decidedColumns, decisionOf, IS_DRAFT, type Refusal, refuse } from './decided.ts';
export { Decides } from './decides.ts';
export { type Decision, isToDo } from './decision.ts';
