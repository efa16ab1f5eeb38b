import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.jena.query.Dataset;
import org.apache.jena.query.DatasetFactory;
import org.apache.jena.query.QueryExecution;
import org.apache.jena.query.ReadWrite;
import org.apache.jena.query.ResultSetFormatter;
import org.apache.jena.rdf.model.Model;
import org.apache.jena.rdf.model.ModelFactory;
import org.apache.jena.riot.RDFDataMgr;
import org.topbraid.shacl.validation.ValidationUtil;

/**
 * Jena as a peer: `ask DATA… QUERIES` times each query of a folder on ARQ in memory, `validate SHAPES FOLDER`
 * each document of a folder with the SHACL engine of TopBraid, which runs on Jena. Prints a line each: name,
 * milliseconds, tab between. A query that fails prints -1.
 */
public class Jena {
    private static final int PATIENCE = 20; // seconds for a query
    private static final int ENOUGH = 2; // seconds of one query after which its question is asked no more

    public static void main(String[] arguments) throws IOException {
        List<String> rest = List.of(arguments).subList(1, arguments.length);
        if (arguments[0].equals("ask")) {
            ask(rest.subList(0, rest.size() - 1), Path.of(rest.get(rest.size() - 1)));
        } else {
            validate(rest.get(0), Path.of(rest.get(1)));
        }
    }

    private static void ask(List<String> files, Path queries) throws IOException {
        Dataset data = DatasetFactory.createTxnMem();
        long started = System.nanoTime();
        data.begin(ReadWrite.WRITE);
        files.forEach(file -> RDFDataMgr.read(data, file));
        data.commit();
        data.end();
        tell("load", started);
        data.begin(ReadWrite.READ);
        String slow = ""; // a question that has taken long enough
        for (var query : texts(queries).entrySet()) {
            if (!slow.isEmpty() && query.getKey().startsWith(slow)) {
                continue;
            }
            started = System.nanoTime();
            try (var running = QueryExecution.dataset(data).query(query.getValue())
                    .timeout(PATIENCE, TimeUnit.SECONDS).build()) {
                ResultSetFormatter.consume(running.execSelect());
                tell(query.getKey(), started);
            } catch (RuntimeException error) {
                System.out.println(query.getKey() + "\t-1");
            }
            if (System.nanoTime() - started > ENOUGH * 1e9) {
                slow = query.getKey().split("~")[0] + "~";
            }
        }
        data.end();
    }

    private static void validate(String shapes, Path documents) throws IOException {
        Model rules = RDFDataMgr.loadModel(shapes);
        for (var document : texts(documents).keySet()) {
            Model data = ModelFactory.createDefaultModel();
            long started = System.nanoTime();
            RDFDataMgr.read(data, documents.resolve(document).toString());
            ValidationUtil.validateModel(data, rules, false);
            tell(document, started);
        }
    }

    private static TreeMap<String, String> texts(Path folder) throws IOException {
        var found = new TreeMap<String, String>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                found.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return found;
    }

    private static void tell(String name, long started) {
        System.out.println(name + "\t" + (System.nanoTime() - started) / 1e6);
    }
}
