import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.jena.query.QueryExecution;
import org.apache.jena.query.QueryExecutionFactory;
import org.apache.jena.query.ResultSetFormatter;
import org.apache.jena.rdf.model.Model;
import org.apache.jena.rdf.model.ModelFactory;
import org.apache.jena.riot.RDFDataMgr;

/** Jena with a file in memory: a line with a query in Base64 on stdin, a line with the answer as CSV in Base64 on stdout. */
public class Ask {
    public static void main(String[] given) throws Exception {
        Model model = ModelFactory.createDefaultModel();
        RDFDataMgr.read(model, given[0]);
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        out.println("ready");
        out.flush();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String query = new String(Base64.getDecoder().decode(line), StandardCharsets.UTF_8);
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            try (QueryExecution asked = QueryExecutionFactory.create(query, model)) {
                ResultSetFormatter.outputAsCSV(answer, asked.execSelect());
            }
            out.println(Base64.getEncoder().encodeToString(answer.toByteArray()));
            out.flush();
        }
    }
}
