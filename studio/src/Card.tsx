import type { ReactNode } from "react";

interface CardProps {
  /** Id of the heading, which names the card. */
  id: string;
  title: string;
  /** What it shows, below the heading. */
  about: ReactNode;
  children: ReactNode;
}

/** A part of a page with a heading of its own. */
export function Card({ id, title, about, children }: CardProps) {
  return (
    <section className="view" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        <p>{about}</p>
      </header>
      {children}
    </section>
  );
}

interface TableCardProps extends CardProps {
  /** Heads of the columns. */
  columns: readonly string[];
  /** Which of them hold numbers, and stand to the right. */
  isRight: (column: number) => boolean;
}

/** A card with a table, whose rows are the children. */
export function TableCard({ columns, isRight, children, ...card }: TableCardProps) {
  return (
    <Card {...card}>
      <div className="scroll">
        <table>
          <thead>
            <tr>
              {columns.map((name, column) => (
                <th key={name} scope="col" className={isRight(column) ? "right" : undefined}>{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </div>
    </Card>
  );
}
