// Taking turns: who is first changes from round to round, so that neither side has the better place.

export const orderOf = <T,>(round: number, [one, other]: readonly [T, T]): [T, T] =>
	round % 2 === 0 ? [one, other] : [other, one];
